"""Who may do what."""

from provisor.look.sign_in.roles import Role


def test_each_role_includes_the_ones_before_it():
    assert [[a.includes(b) for b in Role] for a in Role] == [
        [True, False, False],
        [True, True, False],
        [True, True, True],
    ]


def test_a_link_makes_an_administrator_of_the_role_it_was_made_for(portal):
    portal.administrator("rita", Role.READER)
    secret = portal.entrance.invite(Role.APPLICATION_ADMINISTRATOR)
    session = portal.entrance.accept(secret, "anna", "correct horse battery")
    assert session.role is Role.APPLICATION_ADMINISTRATOR
    assert portal.entrance.session(session.secret).role is Role.APPLICATION_ADMINISTRATOR
