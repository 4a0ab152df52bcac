"""What a mail about an incident says, in English and in French.

Subjects begin with the application's name, and the last line says what to type: a mail is often all that a person on
call sees at first.
"""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from string import Template

from provisor.core.incidents import Development, IncidentKind, News
from provisor.core.notification import Language

_SUBJECTS: Mapping[Language, Mapping[IncidentKind, str]] = {
    Language.ENGLISH: {
        IncidentKind.QUARANTINE: "provisioning is in quarantine",
        IncidentKind.HELD_PLAN: "changes wait for your decision",
        IncidentKind.FAILING_CYCLES: "cycles fail one after the other",
        IncidentKind.REPEATED_FAILURE: "accounts fail again and again",
        IncidentKind.OVERDUE: "provisioning has stopped",
        IncidentKind.JOB_DISABLED: "provisioning was switched off",
    },
    Language.FRENCH: {
        IncidentKind.QUARANTINE: "le provisionnement est en quarantaine",
        IncidentKind.HELD_PLAN: "des changements attendent votre décision",
        IncidentKind.FAILING_CYCLES: "les cycles échouent l’un après l’autre",
        IncidentKind.REPEATED_FAILURE: "des comptes échouent à répétition",
        IncidentKind.OVERDUE: "le provisionnement s’est arrêté",
        IncidentKind.JOB_DISABLED: "le provisionnement a été désactivé",
    },
}

_OVER: Mapping[Language, Mapping[IncidentKind, str]] = {
    Language.ENGLISH: {
        IncidentKind.QUARANTINE: "provisioning has left quarantine",
        IncidentKind.HELD_PLAN: "no changes wait any more",
        IncidentKind.FAILING_CYCLES: "cycles come to their end again",
        IncidentKind.REPEATED_FAILURE: "no account fails again and again any more",
        IncidentKind.OVERDUE: "provisioning runs again",
        IncidentKind.JOB_DISABLED: "provisioning is switched on again",
    },
    Language.FRENCH: {
        IncidentKind.QUARANTINE: "le provisionnement est sorti de quarantaine",
        IncidentKind.HELD_PLAN: "plus aucun changement n’attend",
        IncidentKind.FAILING_CYCLES: "les cycles vont de nouveau à leur terme",
        IncidentKind.REPEATED_FAILURE: "plus aucun compte n’échoue à répétition",
        IncidentKind.OVERDUE: "le provisionnement a repris",
        IncidentKind.JOB_DISABLED: "le provisionnement est réactivé",
    },
}

_BODIES: Mapping[Language, Mapping[IncidentKind, str]] = {
    Language.ENGLISH: {
        IncidentKind.QUARANTINE: (
            "The job of $application went into quarantine: $cause.\n\n$message\n\n"
            "It is tried again less and less often until it is well. Mend the cause; then the next cycle ends the "
            "quarantine by itself, or start one with\n\n    provisor job run $name"
        ),
        IncidentKind.HELD_PLAN: (
            "Changes of $application are held for a person: $held.\n\n$reason\n\n"
            "Nothing of what is held is written until you decide. Look at it with\n\n    provisor job plan $name --plan $plan"
            "\n\nand apply it, or mend the cause (assign again, restore, correct the mapping, import the complete data)."
        ),
        IncidentKind.FAILING_CYCLES: (
            "$cycles cycles of $application in a row ended early; the last one so:\n\n$message\n\n"
            "The job is not in quarantine: it is tried again every few minutes, and what is left of a plan is kept. "
            "Until a cycle comes to its end, people who leave may not be disabled. See what the job does with\n\n"
            "    provisor job status $name"
        ),
        IncidentKind.REPEATED_FAILURE: (
            "$objects objects of $application failed $threshold times in a row or more.\n\n"
            "They are tried again by themselves, less and less often. See why they fail with\n\n"
            "    provisor log $name --status failure"
        ),
        IncidentKind.OVERDUE: (
            "No cycle of $application came to its end since $since, which is more than twice its interval of "
            "$interval seconds. People who leave are not disabled meanwhile.\n\n"
            "See what the job does with\n\n    provisor job status $name"
        ),
        IncidentKind.JOB_DISABLED: (
            "The service has stopped the job of $application.\n\n$message\n\n"
            "Nobody is provisioned or disabled until it is started again:\n\n    provisor job start $name"
        ),
    },
    Language.FRENCH: {
        IncidentKind.QUARANTINE: (
            "La tâche de $application a été mise en quarantaine : $cause.\n\n$message\n\n"
            "Elle est retentée de moins en moins souvent jusqu’à son rétablissement. Corrigez la cause ; le cycle "
            "suivant lèvera la quarantaine de lui-même, ou lancez-en un avec\n\n    provisor job run $name"
        ),
        IncidentKind.HELD_PLAN: (
            "Des changements de $application sont retenus pour une décision : $held.\n\n$reason\n\n"
            "Rien de ce qui est retenu ne sera écrit sans votre accord. Examinez-le avec\n\n"
            "    provisor job plan $name --plan $plan\n\npuis appliquez-le, ou corrigez la cause (réaffecter, restaurer, "
            "rectifier le mappage, importer les données complètes)."
        ),
        IncidentKind.FAILING_CYCLES: (
            "$cycles cycles de suite de $application se sont arrêtés avant leur terme ; le dernier ainsi :\n\n$message\n\n"
            "La tâche n’est pas en quarantaine : elle est retentée toutes les quelques minutes, et ce qui reste d’un plan "
            "est conservé. Tant qu’aucun cycle ne va à son terme, les personnes qui partent risquent de ne pas être "
            "désactivées. Voyez où en est la tâche avec\n\n    provisor job status $name"
        ),
        IncidentKind.REPEATED_FAILURE: (
            "$objects objets de $application ont échoué au moins $threshold fois de suite.\n\n"
            "Ils sont retentés d’eux-mêmes, de moins en moins souvent. Voyez pourquoi ils échouent avec\n\n"
            "    provisor log $name --status failure"
        ),
        IncidentKind.OVERDUE: (
            "Aucun cycle de $application n’est allé à son terme depuis $since, soit plus de deux fois son intervalle de "
            "$interval secondes. Entre-temps, les personnes qui partent ne sont pas désactivées.\n\n"
            "Voyez où en est la tâche avec\n\n    provisor job status $name"
        ),
        IncidentKind.JOB_DISABLED: (
            "Le service a arrêté la tâche de $application.\n\n$message\n\n"
            "Personne n’est provisionné ni désactivé tant qu’elle n’est pas redémarrée :\n\n    provisor job start $name"
        ),
    },
}

_CHANGED = {
    Language.ENGLISH: "The cause has changed; before, it was: $former.\n\n",
    Language.FRENCH: "La cause a changé ; auparavant : $former.\n\n",
}
_RECOVERED = {
    Language.ENGLISH: "What was reported about $application on $opened is over. Nothing is to be done.",
    Language.FRENCH: "Ce qui avait été signalé à propos de $application le $opened est terminé. Il n’y a rien à faire.",
}
_FOOTERS = {
    Language.ENGLISH: "\n\n-- \nProvisor sends one mail when this begins and one when it ends.\n",
    Language.FRENCH: "\n\n-- \nProvisor envoie un message au début de l’incident et un à la fin.\n",
}
_TESTS = {
    Language.ENGLISH: (
        "test of notifications",
        "This is a test: notifications about $application reach you.",
    ),
    Language.FRENCH: (
        "essai des notifications",
        "Ceci est un essai : les notifications à propos de $application vous parviennent.",
    ),
}


def composed(development: Development, application_name: str, language: Language) -> tuple[str, str]:
    """Subject and body of the mail that tells of a development."""
    trouble, before = development.trouble, development.before
    values = {
        "application": application_name,
        "name": shlex.quote(application_name),
        "cause": trouble.cause,
        "former": before.trouble.cause if before else "",
        "opened": before.opened.strftime("%Y-%m-%d %H:%M UTC") if before else "",
        **trouble.details,
        **trouble.words.get(language, {}),
    }
    if development.news is News.CLOSED:
        subject, body = _OVER[language][trouble.kind], _RECOVERED[language]
    else:
        subject, body = _SUBJECTS[language][trouble.kind], _BODIES[language][trouble.kind]
        if development.news is News.CAUSE_CHANGED:
            body = _CHANGED[language] + body
    return _line(f"{application_name}: {subject}"), Template(body).safe_substitute(values) + _FOOTERS[
        language
    ]


def trial(application_name: str, language: Language) -> tuple[str, str]:
    """Subject and body of a mail that only proves that mails arrive."""
    subject, body = _TESTS[language]
    return _line(f"{application_name}: {subject}"), Template(body).safe_substitute(
        application=application_name
    ) + "\n"


def _line(text: str) -> str:
    """A text without line breaks, which a header must not have."""
    return " ".join(text.split())
