"""Taking changes back: a change and its inverse leave an account as it was."""

import dataclasses
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisor.core import differences, inverse
from provisor.core.changes import ChangeKind, Modification, Reason
from provisor.core.links import Link, LinkOrigin, LinkState
from provisor.core.objects import ObjectType
from provisor.core.plan import Phase, PlanRow, RecordedRow, RowDetails, RowState
from provisor.engine.taking_back import still_ours
from provisor.scim import resources

ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User"
PATHS = (
    "userName",
    "active",
    "title",
    "name.givenName",
    "name.familyName",
    'emails[type eq "work"].value',
    'emails[type eq "home"].value',
    'addresses[type eq "work"].locality',
    'addresses[type eq "work"].country',
    f"{ENTERPRISE}:department",
)
VALUES = st.sampled_from(["ada", "Bob", "Paris", "7", None])
ATTRIBUTES = st.dictionaries(
    st.sampled_from(PATHS), st.one_of(VALUES, st.just("")).filter(lambda v: v != ""), max_size=6
)


def row(kind, **changes):
    details = {key: changes.pop(key) for key in list(changes) if key not in ("reason", "link_version")}
    return PlanRow(
        plan_id="plan-1",
        ordinal=4,
        phase=Phase.USERS,
        lane=0,
        object_id="ada-id",
        object_type=ObjectType.USER,
        kind=kind,
        reason=changes.get("reason", Reason.ATTRIBUTES_DIFFER),
        target_id="1001",
        object_sequence=7,
        link_version=changes.get("link_version", 3),
        details=RowDetails(name="Ada", **details),
    )


def done(item, plan_id="plan-2"):
    return RecordedRow(
        row=dataclasses.replace(item, plan_id=plan_id),
        state=RowState.DONE,
        finished=datetime(2026, 3, 4, tzinfo=UTC),
        duration_ms=5,
        error_code=None,
        error_message=None,
        warnings=(),
    )


LINK = Link(
    object_id="ada-id",
    object_type=ObjectType.USER,
    target_id="1001",
    state=LinkState.ACTIVE,
    disabled_because=None,
    version=4,
    origin=LinkOrigin.CREATED,
)
TITLE = Modification(path="title", old="Poet", new="Painter")
PRESENT = inverse.Present(link=LINK)


def taken_back(item, present=PRESENT):
    [answer] = inverse.of(item, present)
    return answer


def written(document, changed):
    return resources.with_values(document, [(item.path, item.new) for item in changed])


@given(before=ATTRIBUTES, after=ATTRIBUTES)
def test_a_change_and_its_inverse_leave_every_attribute_as_it_was(before, after):
    document = resources.with_values({"id": "1001"}, before.items())
    changed = differences.between(document, after, differences.Rules())
    changed_document = written(document, changed)

    restored = inverse.reversed_changes(changed)
    wanted, strayed = still_ours(changed_document, restored, differences.Rules())

    assert strayed == ()
    again = written(changed_document, wanted)
    for path in PATHS:
        assert resources.value_at(again, path) == resources.value_at(document, path), path


@given(before=ATTRIBUTES, after=ATTRIBUTES, meanwhile=ATTRIBUTES)
def test_taking_back_never_overwrites_what_somebody_else_wrote(before, after, meanwhile):
    document = resources.with_values({"id": "1001"}, before.items())
    changed = differences.between(document, after, differences.Rules())
    theirs = resources.with_values(written(document, changed), meanwhile.items())

    wanted, strayed = still_ours(theirs, inverse.reversed_changes(changed), differences.Rules())
    again = written(theirs, wanted)

    ours = {item.path for item in changed}
    assert {item.path for item in wanted} | {item.path for item in strayed} <= ours
    for path in set(PATHS) - {item.path for item in wanted}:
        assert resources.value_at(again, path) == resources.value_at(theirs, path), path


@given(st.lists(st.sampled_from(PATHS), unique=True), st.data())
def test_the_inverse_of_the_inverse_is_the_change(found, data):
    changed = tuple(Modification(path=path, old=data.draw(VALUES), new=data.draw(VALUES)) for path in found)
    assert inverse.reversed_changes(inverse.reversed_changes(changed)) == changed


@pytest.mark.parametrize(
    ("item", "kind", "phase"),
    [
        (row(ChangeKind.CREATE, link_version=None), ChangeKind.DELETE, Phase.DELETES),
        (row(ChangeKind.UPDATE, changed=(TITLE,)), ChangeKind.UPDATE, Phase.USERS),
        (row(ChangeKind.ENABLE, changed=(TITLE,)), ChangeKind.DISABLE, Phase.DISABLES),
        (row(ChangeKind.DISABLE, changed=(TITLE,)), ChangeKind.ENABLE, Phase.USERS),
        (row(ChangeKind.LINK, link_version=None), ChangeKind.UNLINK, Phase.DELETES),
        (row(ChangeKind.UPDATE, link_version=None, changed=(TITLE,)), ChangeKind.UNLINK, Phase.DELETES),
        (row(ChangeKind.UPDATE, reason=Reason.ACCOUNT_RELINKED), ChangeKind.UNLINK, Phase.DELETES),
    ],
)
def test_every_change_of_an_account_has_its_inverse(item, kind, phase):
    answer = taken_back(item)
    assert (answer.kind, answer.phase, answer.target_id) == (kind, phase, "1001")
    assert answer.changed == inverse.reversed_changes(item.details.changed)


@pytest.mark.parametrize("origin", [LinkOrigin.ADOPTED, LinkOrigin.MATCHED])
def test_an_account_that_we_did_not_make_is_unlinked_and_never_deleted(origin):
    present = inverse.Present(link=dataclasses.replace(LINK, origin=origin))
    assert taken_back(row(ChangeKind.CREATE, link_version=None), present).kind is ChangeKind.UNLINK


@pytest.mark.parametrize(
    ("present", "why"),
    [
        (inverse.Present(link=None), "not linked"),
        (inverse.Present(link=dataclasses.replace(LINK, target_id="2002")), "another account now (2002)"),
        (inverse.Present(link=LINK, later=(done(row(ChangeKind.UPDATE, changed=(TITLE,))),)), "plan-2"),
        (inverse.Present(link=LINK, later=(done(row(ChangeKind.DISABLE)),)), "changed again (disable)"),
        (inverse.Present(link=LINK, later=(done(row(ChangeKind.ENABLE)),)), "changed again (enable)"),
    ],
)
def test_an_account_that_moved_on_is_left_alone_and_told_why(present, why):
    answer = taken_back(row(ChangeKind.UPDATE, changed=(TITLE,)), present)
    assert isinstance(answer, inverse.Refusal)
    assert why in answer.why


def test_an_account_is_not_deleted_once_anything_else_was_written_to_it():
    later = done(row(ChangeKind.UPDATE, changed=(dataclasses.replace(TITLE, path="nickName"),)))
    answer = taken_back(row(ChangeKind.CREATE, link_version=None), inverse.Present(link=LINK, later=(later,)))
    assert isinstance(answer, inverse.Refusal)


def test_skips_and_failures_changed_nothing():
    for kind in (ChangeKind.SKIP, ChangeKind.FAIL):
        assert inverse.of(row(kind), PRESENT) == ()


def manager(present, **details):
    item = row(ChangeKind.SET_REFERENCE, attribute="manager", **details)
    return taken_back(item, present)


def test_a_manager_becomes_the_one_before_or_none():
    held = inverse.Present(link=LINK, held=frozenset({"bob-id"}), linked=frozenset({"cyd-id"}))
    former = manager(held, references=("bob-id",), former_reference="cyd-id")
    assert (former.references, former.former_reference) == (("cyd-id",), "bob-id")
    none = manager(held, references=("bob-id",))
    assert (none.references, none.former_reference) == ((), "bob-id")


@pytest.mark.parametrize(
    ("present", "details", "why"),
    [
        (inverse.Present(link=LINK, held=frozenset({"dan-id"})), {}, "not any more what this change wrote"),
        (
            inverse.Present(link=LINK, held=frozenset({"bob-id"})),
            {"former_reference": "cyd-id"},
            "no account any more",
        ),
        (
            inverse.Present(
                link=dataclasses.replace(LINK, origin=LinkOrigin.MATCHED), held=frozenset({"bob-id"})
            ),
            {},
            "not known which manager",
        ),
    ],
)
def test_a_manager_that_cannot_become_the_one_before_is_left_alone(present, details, why):
    answer = manager(present, references=("bob-id",), **details)
    assert isinstance(answer, inverse.Refusal)
    assert why in answer.why


def test_members_are_taken_back_one_by_one():
    again = done(row(ChangeKind.REMOVE_MEMBERS, references=("cyd-id",)))
    again = dataclasses.replace(again, row=dataclasses.replace(again.row, phase=Phase.REFERENCES))
    present = inverse.Present(link=LINK, held=frozenset({"ada-id", "cyd-id"}), later=(again,))
    item = row(ChangeKind.ADD_MEMBERS, attribute="members", references=("ada-id", "bob-id", "cyd-id"))

    undone, *refusals = inverse.of(item, present)

    assert (undone.kind, undone.references) == (ChangeKind.REMOVE_MEMBERS, ("ada-id",))
    assert [refusal.why for refusal in refusals] == [
        "bob-id is no member in the application any more",
        "the membership of cyd-id was changed again by the cycle plan-2",
    ]


def test_a_member_without_an_account_cannot_be_put_back():
    item = row(ChangeKind.REMOVE_MEMBERS, attribute="members", references=("ada-id", "bob-id"))
    undone, refusal = inverse.of(item, inverse.Present(link=LINK, linked=frozenset({"ada-id"})))
    assert (undone.kind, undone.references) == (ChangeKind.ADD_MEMBERS, ("ada-id",))
    assert "bob-id has no account" in refusal.why
