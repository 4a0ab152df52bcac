import datetime as dt

import pytest

from provisor.look.sign_in import passwords
from provisor.look.sign_in.attempts import FROM_ANYWHERE, FROM_ONE_ADDRESS


@pytest.mark.parametrize(
    "password",
    [
        "short",
        "aaaaaaaaaaaaaaaa",
        "abcabcabcabcabc",
        "xx-grace.hopper-xx",
        "password1234",
        "Provisor2027!",
        "motdepasse-123",
        "123456789012",
        "qwertyuiopas",
        "x" * 50 + "yzab" * 50,
    ],
)
def test_a_password_that_is_soon_guessed_is_not_accepted(password):
    assert passwords.objection(password, "Grace.Hopper") is not None


@pytest.mark.parametrize("password", ["correct horse battery", "Ünüblich-7-Wörter", "tr0ub4dor&3-zebra"])
def test_a_long_password_needs_no_special_characters(password):
    assert passwords.objection(password, "Grace.Hopper") is None


def test_a_password_is_right_however_a_keyboard_composes_its_accents():
    hasher = passwords.PasswordHasher()
    hashed = hasher.hash("caf\u00e9 au lait sucré")
    assert hashed.startswith("$argon2id$")
    assert hasher.is_right("cafe\u0301 au lait sucré", hashed)
    assert not hasher.is_right("cafe au lait sucre", hashed)
    assert not hasher.is_right("nobody has this password", None)


def test_the_wait_doubles_with_each_failure_up_to_an_end():
    waits = [FROM_ONE_ADDRESS.wait(failures).total_seconds() for failures in range(7)]
    assert waits == [0, 0, 0, 0, 1, 2, 4]
    assert FROM_ONE_ADDRESS.wait(500) == dt.timedelta(minutes=15)
    assert FROM_ANYWHERE.wait(20) == dt.timedelta(0)
    assert FROM_ANYWHERE.wait(500) == dt.timedelta(minutes=1)
