"""Why something is wrong, in a person's language, wherever the reason is of a known kind.

What only the application knows is quoted as it was said.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import assert_never

from provisor.core.errors import ErrorCode
from provisor.core.guard import Breach, Hold, Limit
from provisor.core.job import ScheduleState
from provisor.core.notification import Language
from provisor.core.quarantine import Quarantine, QuarantineReason

_HELD: Mapping[Language, Mapping[Limit, str]] = {
    Language.ENGLISH: {
        Limit.REMOVALS: "accounts that would be disabled or deleted",
        Limit.DAILY_REMOVALS: "accounts that would be disabled or deleted within 24 hours",
        Limit.UPDATES: "the same attribute of many accounts that would be overwritten",
        Limit.MEMBER_REMOVALS: "memberships of groups that would end",
    },
    Language.FRENCH: {
        Limit.REMOVALS: "des comptes qui seraient désactivés ou supprimés",
        Limit.DAILY_REMOVALS: "des comptes qui seraient désactivés ou supprimés en 24 heures",
        Limit.UPDATES: "un même attribut de nombreux comptes qui serait écrasé",
        Limit.MEMBER_REMOVALS: "des appartenances à des groupes qui prendraient fin",
    },
}

_BREACHES: Mapping[Limit, str] = {
    Limit.REMOVALS: "{0.count} comptes seraient désactivés ou supprimés, sur {0.total} comptes liés",
    Limit.DAILY_REMOVALS: (
        "Avec les comptes retirés au cours des 24 heures précédentes, il s’agirait de {0.count} comptes sur {0.total}"
    ),
    Limit.UPDATES: "L’attribut {0.attribute} de {0.count} comptes sur {0.total} serait écrasé",
    Limit.MEMBER_REMOVALS: "{0.count} appartenances à des groupes prendraient fin, sur {0.total} inscrites",
}
_ALLOWED = " ; sans décision, la limite est de {0.percent:g} % ou {0.floor}, la plus grande des deux."
_WAITING = (
    " Ces changements attendent qu’une personne les autorise (`job apply`), les abandonne (`job drop`) ou en corrige "
    "la cause ; tout le reste continue."
)

_CODES: Mapping[ErrorCode, str] = {
    ErrorCode.UNAUTHORIZED: (
        "L’application refuse le jeton secret : il est faux, a expiré ou a été révoqué. Saisissez-en un valide."
    ),
    ErrorCode.INSUFFICIENT_RIGHTS: (
        "Le titulaire du jeton secret n’a pas les droits nécessaires dans l’application. Accordez-les-lui."
    ),
    ErrorCode.SERVICE_INCOMPATIBLE: (
        "Ce qui répond n’est pas un service SCIM 2.0 utilisable. Vérifiez l’URL du locataire."
    ),
    ErrorCode.TIMEOUT: "L’application ne répond pas à temps.",
    ErrorCode.WEB_EXCEPTION: (
        "L’application est injoignable. Vérifiez l’URL du locataire, le réseau et les pare-feu."
    ),
    ErrorCode.INTERNAL_SERVER_ERROR: "L’application a une panne interne.",
    ErrorCode.TOO_MANY_REQUESTS: "L’application demande sans cesse d’attendre.",
}
_QUOTED = "{sentence}\n\nDétail technique, en anglais : {message}"
_UNKNOWN = "La raison est technique et n’est donnée qu’en anglais : {message}"

_EXCESSES: Mapping[QuarantineReason, str] = {
    QuarantineReason.BASE_ESCROW_THRESHOLD: "Trop d’objets échouent.",
    QuarantineReason.TOTAL_ESCROW_THRESHOLD: "Trop d’objets et de références échouent.",
    QuarantineReason.ESCROW_PROPORTION_THRESHOLD: "Une trop grande part des changements échoue.",
}
_COUNTED: Mapping[QuarantineReason, str] = {
    QuarantineReason.BASE_ESCROW_THRESHOLD: "{0.failed} objets échouent, plus que les {0.limit:g} permis.",
    QuarantineReason.TOTAL_ESCROW_THRESHOLD: (
        "{0.failed} objets et références échouent, plus que les {0.limit:g} permis."
    ),
    QuarantineReason.ESCROW_PROPORTION_THRESHOLD: (
        "{0.failed} changements sur {0.tried} ont échoué, plus que les {0.limit:g} % permis."
    ),
}
_NOTHING_SUCCEEDS = (
    "Rien n’a réussi en {0.cycles} cycles successifs, et les {0.failed} changements du dernier ont échoué."
)
_MEND = (
    " Corrigez ce que dit le journal de provisionnement (`provisor job escrows` donne la liste des objets)."
)

_STOPPED: Mapping[ScheduleState, str] = {
    ScheduleState.PAUSED: (
        "Le cycle initial est allé à son terme et la tâche a été mise en pause, car trop d’objets ont échoué. Corrigez "
        "la cause ; `provisor job retry` retente ensuite les objets en échec."
    ),
    ScheduleState.DISABLED: "La tâche est restée {days} jours en quarantaine sans succès.",
}


def held_kinds(hold: Hold | None) -> str:
    """What is held, as the cause of an incident; the day's removals are removals."""
    kinds = {
        Limit.REMOVALS if item.limit is Limit.DAILY_REMOVALS else item.limit
        for item in (hold.told if hold else ())
    }
    return ", ".join(sorted(kinds)) or "guard"


def held_things(hold: Hold | None, language: Language) -> str:
    """What is held, in words that complete a sentence."""
    told: Sequence[Breach] = hold.told if hold else ()
    words = dict.fromkeys(_HELD[language][item.limit] for item in told)
    return "; ".join(words) if language is Language.ENGLISH else " ; ".join(words)


def of_hold(hold: Hold | None, message: str, language: Language) -> str:
    """The numbers, the limits and the way out; `message` is the same in English."""
    if language is Language.ENGLISH or hold is None:
        return message
    return " ".join((_BREACHES[item.limit] + _ALLOWED).format(item) for item in hold.told) + _WAITING


def of_limits(hold: Hold, language: Language) -> str:
    """The numbers and the limits alone, for where the way out stands beside them."""
    if language is Language.ENGLISH:
        return " ".join(item.reason for item in hold.told)
    return " ".join((_BREACHES[item.limit] + _ALLOWED).format(item) for item in hold.told)


def of_error(code: str | None, message: str, language: Language) -> str:
    """Why a cycle failed."""
    if language is Language.ENGLISH:
        return message
    known = {item.value: sentence for item, sentence in _CODES.items()}
    sentence = known.get(code or "")
    return (_QUOTED if sentence else _UNKNOWN).format(sentence=sentence, message=message)


def of_quarantine(found: Quarantine, language: Language) -> str:
    """Why a job is in quarantine."""
    if language is Language.ENGLISH:
        return found.message
    if found.reason not in _EXCESSES:
        return of_error(found.code, found.message, language)
    figures = found.figures
    if figures is None:
        return _EXCESSES[found.reason] + _MEND
    told = _NOTHING_SUCCEEDS if figures.cycles else _COUNTED[found.reason]
    return told.format(figures) + _MEND


def of_stop(
    state: ScheduleState, message: str, days: int, found: Quarantine | None, language: Language
) -> str:
    """Why the service itself paused the job or switched it off; `days` is how long it is tried in quarantine."""
    match language:
        case Language.ENGLISH:
            return message
        case Language.FRENCH:
            because = of_quarantine(found, language) if found and state is ScheduleState.DISABLED else ""
            return f"{_STOPPED[state].format(days=days)} {because}".strip()
        case _:
            assert_never(language)
