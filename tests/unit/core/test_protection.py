"""Which changes a protected account is spared."""

import pytest

from provisor.core import protection
from provisor.core.changes import ChangeKind, Modification


@pytest.mark.parametrize(
    ("kind", "path", "new", "spared"),
    [
        (ChangeKind.DISABLE, "active", False, True),
        (ChangeKind.DISABLE, "userType", "former", True),
        (ChangeKind.DELETE, "title", "x", True),
        (ChangeKind.UPDATE, "active", False, True),
        (ChangeKind.UPDATE, "active", "False", True),
        (ChangeKind.UPDATE, "active", True, False),
        (ChangeKind.ENABLE, "active", True, False),
        (ChangeKind.UPDATE, "title", False, False),
        (ChangeKind.REMOVE_MEMBERS, "members", None, False),
    ],
)
def test_whatever_ends_the_use_of_an_account(kind, path, new, spared):
    assert protection.takes_away(kind, [Modification(path=path, old="before", new=new)]) is spared
