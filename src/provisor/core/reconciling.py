"""Deciding in a reconciliation: nobody is taken for granted, and what strayed is told from what changed.

The same steps as in `deciding`, with other answers where an ordinary cycle does not look: at accounts that were
disabled before, at people who do not belong, and at accounts that differ although the directory did not change.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

from provisor.core import changes, deciding, differences, flows, mapping
from provisor.core.changes import Reason
from provisor.core.deciding import AskMatch, AskRead, Case, MatchAnswer
from provisor.core.identifiers import Sequence, TargetId
from provisor.core.objects import Lifecycle
from provisor.core.reconciliation import DriftPolicy, ReconciliationSettings, UnownedPolicy
from provisor.core.scoping import InScope, OutOfScope, Undecided


class Reconciling:
    """The decisions of one reconciliation; `watermark` is up to where the directory has been applied already."""

    def __init__(self, settings: ReconciliationSettings, watermark: Sequence | None) -> None:
        self._settings = settings
        self._watermark = watermark

    def consider(self, case: Case) -> changes.Decision | AskMatch | AskRead:
        """As `deciding.consider`, and asks too for disabled accounts and for those of people who do not belong."""
        step = deciding.consider(case)
        if not isinstance(step, changes.Skip) or step.reason is Reason.DROPPED_EARLY:
            return step
        if step.reason is Reason.ALREADY_DISABLED and case.link is not None:
            return AskRead(case.link.target_id)
        if case.link is None and case.subject.lifecycle is Lifecycle.ACTIVE:
            asked = deciding.ask_match(case)
            return asked if isinstance(asked, AskMatch) else step
        return step

    def ask_match(self, case: Case) -> AskMatch | changes.Decision:
        """What follows when a linked account is gone."""
        if isinstance(case.verdict, InScope):
            return deciding.ask_match(case)
        return changes.Skip(Reason.ACCOUNT_VANISHED)

    def after_match(self, case: Case, answer: MatchAnswer) -> changes.Decision:
        """As `deciding.after_match`; for somebody who does not belong, the account is adopted or left alone."""
        match case.verdict:
            case InScope():
                return deciding.after_match(case, answer)
            case OutOfScope() if case.uncertain:
                return deciding.after_match(case, answer)
            case Undecided() as undecided:
                return deciding.unable(undecided)
            case OutOfScope(reason, _):
                alone = changes.Skip(Reason(reason))
        if not isinstance(answer, deciding.Matched) or answer.owner is not None:
            return alone
        if self._settings.unowned is UnownedPolicy.REPORT:
            return changes.Skip(alone.reason, unowned=answer.target_id)
        return changes.Tie(answer.target_id, Reason.UNOWNED_ADOPTED, answer.attribute)

    def after_read(self, case: Case, target_id: TargetId, document: Mapping[str, Any]) -> changes.Decision:
        """As `deciding.after_read`, telling drift from change; a disabled account must still be disabled."""
        if isinstance(case.verdict, InScope):
            decision = deciding.after_read(case, target_id, document)
            return self._told(case, decision)
        return self._still_disabled(case, target_id, document)

    def _told(self, case: Case, decision: changes.Decision) -> changes.Decision:
        if not isinstance(decision, changes.Update) or decision.reason is not Reason.ATTRIBUTES_DIFFER:
            return decision
        if self._watermark is None or case.subject.sequence > self._watermark:
            return decision
        if self._settings.drift is DriftPolicy.REPORT:
            return changes.Drift(decision.target_id, decision.modifications)
        return dataclasses.replace(decision, reason=Reason.DRIFTED)

    def _still_disabled(
        self, case: Case, target_id: TargetId, document: Mapping[str, Any]
    ) -> changes.Decision:
        telling = [flow for flow in case.mapping.always if flow.tells_deletion]
        try:
            wanted = mapping.evaluate(telling, deciding.view(case))
        except flows.MappingError as error:
            return changes.Fail(error.code, str(error))
        except flows.ObjectIgnored:
            return changes.Skip(Reason.IGNORED_BY_EXPRESSION)
        strayed = differences.between(document, wanted, case.mapping.rules)
        if not strayed:
            settled = deciding.consider(case)  # a deletion that is pending, or not any more
            return settled if isinstance(settled, changes.Skip) else changes.Skip(Reason.ALREADY_DISABLED)
        if self._settings.drift is DriftPolicy.REPORT:
            return changes.Drift(target_id, strayed)
        return deciding.unless_protected(case, changes.Disable(target_id, strayed, Reason.DRIFTED))
