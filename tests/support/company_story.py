"""A small company and one eventful day, for tests that go through it again and again."""

from __future__ import annotations

from typing import Any

from support import scripted_target
from support.declared_source import Declared
from support.provisioning import Provisioning

FIRST_DAY = Declared(
    users={
        "ada": {"jobTitle": "Director"},
        "bob": {"jobTitle": "Seller", "manager": "ada"},
        "cyd": {"jobTitle": "Buyer", "manager": "ada"},
        "dan": {"jobTitle": "Painter"},
        "eve": {"jobTitle": "Trainee", "manager": "bob"},
        "fay": {"jobTitle": "Adviser"},
    },
    groups={"Sales": ["ada", "bob", "eve"], "Staff": ["cyd", "dan", "fay", "Sales"]},
)

SECOND_DAY = Declared(
    users={
        "ada": {"jobTitle": "Director"},
        # a mover: other title, other manager, other group
        "bob": {"jobTitle": "Head of Purchasing", "manager": "gus"},
        "cyd": {"jobTitle": "Buyer", "manager": "ada"},
        # eve is in no group any more, which takes her assignment away
        "eve": {"jobTitle": "Trainee", "manager": "bob"},
        "fay": {"jobTitle": "Adviser"},
        # a joiner, who is somebody's manager at once; dan is gone
        "gus": {"jobTitle": "Partner", "manager": "ada"},
    },
    groups={"Sales": ["ada", "gus"], "Staff": ["bob", "cyd", "fay", "Sales"]},
)


def first_day(company: Provisioning) -> None:
    """The company arrives; both groups are assigned. Bob's account is in the target already, and out of date."""
    company.directory = FIRST_DAY.copy()
    company.import_directory()
    company.add_application(scope="assigned")
    company.assign("Sales")
    company.assign("Staff")
    company.peer.users["7"] = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "id": "7",
        "userName": "BOB@example.com",
        "title": "Intern",
    }


def second_day(company: Provisioning) -> None:
    """A joiner, a mover, a leaver, an unassignment, a deletion for good, other members."""
    company.directory = SECOND_DAY.copy()
    company.import_directory()
    company.hard_delete("fay")


def reset(peer: scripted_target.ScriptedTarget, content: Any) -> None:
    """Give the target the content it had, and forget what it was asked."""
    users, groups, next_id = content
    peer.users = {key: dict(value) for key, value in users.items()}
    peer.groups = {key: dict(value) for key, value in groups.items()}
    peer._ids = iter(range(next_id, next_id + 1000))
    peer.requests.clear()


def content_of(peer: scripted_target.ScriptedTarget) -> Any:
    """The content, to be given back later."""
    return dict(peer.users), dict(peer.groups), 1001 + len(peer.users) + len(peer.groups)


def picture(peer: scripted_target.ScriptedTarget) -> dict[str, Any]:
    """Who is in the target and how, whatever the ids; somebody who is there twice shows as a list of two."""
    names = {key: str(one.get("userName", "")).casefold() for key, one in peer.users.items()}
    names |= {key: str(one.get("displayName")) for key, one in peer.groups.items()}
    seen: dict[str, Any] = {}
    for key, one in {**peer.users, **peer.groups}.items():
        seen.setdefault(names[key], []).append(_renamed(one, names))
    return seen


def _renamed(value: Any, names: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {
            key: names.get(item, f"nobody ({item})")
            if key == "value" and _is_reference(item)
            else _renamed(item, names)
            for key, item in value.items()
            if key != "id"
        }
    if isinstance(value, list):
        return sorted((_renamed(item, names) for item in value), key=str)
    return value


def _is_reference(value: Any) -> bool:
    return isinstance(value, str) and value.isdigit()
