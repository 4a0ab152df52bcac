"""The portal has words for everything the engine can say, and the engine's own in English."""

from provisor.core import job, log_errors
from provisor.core.changes import EXPLANATIONS, ChangeKind, Reason
from provisor.core.errors import ErrorCode
from provisor.core.log_entry import EntryStatus, ProvisioningAction
from provisor.core.objects import ObjectType
from provisor.core.plan import RowState
from provisor.portal import reasons, words


def test_every_reason_is_told_in_the_engines_words():
    assert reasons.REASONS == EXPLANATIONS
    assert set(reasons.REASONS) == set(Reason)


def test_every_error_has_the_engines_recommendation():
    assert {code: log_errors.recommended_action(code) for code in ErrorCode} == reasons.RECOMMENDATIONS


def test_every_kind_action_and_state_has_words():
    assert set(reasons.KINDS) == set(ChangeKind)
    assert set(reasons.ACTIONS) == set(ProvisioningAction)
    assert set(reasons.STATUSES) == set(EntryStatus)
    assert set(reasons.ROW_STATES) == set(RowState)
    assert set(words.STATUS) == set(job.StatusCode)
    assert set(words.KINDS) == set(ObjectType)
