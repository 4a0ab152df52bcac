"""Why work failed, in the visitor's language; what the engine or the application said beside it is quoted."""

from __future__ import annotations

from dataclasses import dataclass

from provisor.core.errors import (
    InvalidInputError,
    JobBusyError,
    LeaseLostError,
    NotFoundError,
    ProvisorError,
    TargetError,
)
from provisor.look.catalogues import mark as _
from provisor.look.visit import Visit
from provisor.portal import reasons


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A sentence, what was said beside it in its own language, and what a person can do."""

    sentence: str
    quoted: str = ""
    recommendation: str = ""


def told(visit: Visit, error: ProvisorError | None) -> Failure:
    """Why something did not work; None is a fault of our own."""
    match error:
        case None:
            return Failure(
                sentence=visit.text(
                    _("Something went wrong in Provisor itself. The service's log tells what; try it again.")
                )
            )
        case JobBusyError():
            return Failure(
                sentence=visit.text(
                    _(
                        "A cycle of this application is running, and two must not write at the same time. "
                        "Wait for its end and try again, or pause the job."
                    )
                )
            )
        case LeaseLostError():
            return Failure(
                sentence=visit.text(
                    _("Another process took the job over. What was left is done by the next cycle.")
                )
            )
        case TargetError():
            return Failure(
                sentence=visit.text(
                    _(
                        "The application could not be used. What is left stays as it is and can be tried again."
                    )
                ),
                quoted=str(error),
                recommendation=visit.text(reasons.RECOMMENDATIONS[error.code]),
            )
        case InvalidInputError() | NotFoundError():
            return Failure(sentence=visit.text(_("This cannot be done.")), quoted=str(error))
        case _:
            return Failure(sentence=visit.text(_("This did not work.")), quoted=str(error))
