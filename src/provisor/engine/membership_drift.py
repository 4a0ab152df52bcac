"""In a reconciliation: members that somebody took out of a group in the target.

What is found missing there is not held for written any more, so that the plan's second pass writes it again. Members
that we did not put in are left alone.
"""

from __future__ import annotations

from provisor.core import errors, mapping, plan
from provisor.core.identifiers import ObjectId, TargetId
from provisor.core.objects import ObjectType
from provisor.ports.store import Store
from provisor.ports.target import Target

_PAGE = 500


async def forget_lost_members(store: Store, target: Target, made: plan.Plan) -> None:
    """Compare the groups we wrote members into with what the target shows of them.

    An empty list is not believed where we wrote members: some targets never show any (AWS IAM Identity Center).
    """
    last = ""
    while True:
        with store.read() as unit:
            groups = unit.links(made.application_id).of_type(ObjectType.GROUP, last, _PAGE)
        for group, target_id in groups:
            shown = await _shown(target, target_id)
            if shown:
                _forget(store, made, group, shown)
        if not groups:
            return
        last = groups[-1][0]


async def _shown(target: Target, target_id: TargetId) -> frozenset[TargetId] | None:
    try:
        return await target.members(target_id)
    except errors.TargetUnusableError:
        raise
    except errors.TargetError:
        # a group that cannot be read now, or is gone, is the business of its own row
        return None


def _forget(store: Store, made: plan.Plan, group: ObjectId, shown: frozenset[TargetId]) -> None:
    last = ""
    while True:
        with store.write() as unit:
            references = unit.references(made.application_id)
            written = references.written(group, mapping.MEMBERS, last, _PAGE)
            lost = [member for member, target_id in written if target_id not in shown]
            references.note_removed(group, mapping.MEMBERS, lost)
        if not written:
            return
        last = written[-1][0]
