"""What RingCentral does not document, each as a knob with the default that clients expect.

A knob is a field of `Knobs`: its default, its type and what it means stand there. `knob_texts` spells them.
"""

# ruff: noqa: RUF009 - a knob's field is made by a function, which only adds what it means

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Envelope(StrEnum):
    """The form of errors: SCIM's, or RingCentral's own for what its gateway gives, or for all it has a code for."""

    SCIM = "scim"
    PLATFORM = "platform"
    PLATFORM_EVERYWHERE = "platform-everywhere"


class FilterOperators(StrEnum):
    EQ = "eq"
    EQ_AND = "eq-and"
    ALL = "all"


class FilterAttribute(StrEnum):
    """What can be filtered besides `userName` and `email`."""

    EXTERNAL_ID = "externalId"
    ID = "id"
    ACTIVE = "active"
    EMAILS_VALUE = "emails.value"
    WORK_EMAIL = "work-email"


class Unknown(StrEnum):
    IGNORE = "ignore"
    REJECT = "reject"


class Activation(StrEnum):
    """The state of a user who is created with `active` true."""

    ENABLED = "enabled"
    NOT_ACTIVATED = "not-activated"


class Deactivation(StrEnum):
    """The state a user who was never activated gets by `active` false."""

    NOT_ACTIVATED = "not-activated"
    DISABLED = "disabled"


class WelcomeMail(StrEnum):
    NEVER = "never"
    CREATE = "create"
    ACTIVATE = "activate"
    BOTH = "both"


class Divergence(StrEnum):
    """What becomes of a `userName` that is not the work e-mail."""

    REJECT = "reject"
    USER_NAME_WINS = "user-name-wins"
    EMAIL_WINS = "email-wins"
    ALLOW = "allow"


class Omittable(StrEnum):
    """What a PUT may leave out without clearing it."""

    TITLE = "title"
    DEPARTMENT = "department"
    ADDRESSES = "addresses"
    EXTERNAL_ID = "externalId"
    PHOTOS = "photos"
    MOBILE = "mobile"


class PhotoFormats(StrEnum):
    ANY = "any"
    URL = "url"
    DATA = "data"
    NONE = "none"


class Shown(StrEnum):
    SHOWN = "shown"
    HIDDEN = "hidden"


class NumberWrites(StrEnum):
    """What becomes of a `work` or `other` number a client sends."""

    IGNORE = "ignore"
    STORE = "store"
    REJECT = "reject"


class CreateNotFound(StrEnum):
    """When a create answers 404."""

    NEVER = "never"
    NO_SEAT = "no-seat"
    SERVICE_DISABLED = "service-disabled"


class IdReuse(StrEnum):
    NEW = "new"
    SAME = "same"


class ListedUsers(StrEnum):
    ALL = "all"
    NO_DISABLED = "no-disabled"
    NO_NOT_ACTIVATED = "no-not-activated"
    ENABLED = "enabled"


class ListShape(StrEnum):
    SHORT = "short"
    LEGACY = "legacy"


class DiscoveryFilter(StrEnum):
    FORBIDDEN = "forbidden"
    IGNORED = "ignored"


class Switch(StrEnum):
    ON = "on"
    OFF = "off"


def _knob(default: Any, section: str, en: str, fr: str) -> Any:
    return field(default=default, metadata={"section": section, "en": en, "fr": fr})


@dataclass(frozen=True, slots=True, kw_only=True)
class Knobs:
    """How the `ringcentral` profile behaves where RingCentral's documentation is silent."""

    error_envelope: Envelope = _knob(
        Envelope.SCIM,
        "A.14.1",
        "The form of 401, 429 and of a missing scope: a SCIM error, or RingCentral's platform error; everywhere: also of "
        "400, 404, 500 and 501.",
        "Forme des réponses 401, 429 et du défaut de portée : erreur SCIM ou erreur de la plateforme RingCentral ; "
        "everywhere : aussi 400, 404, 500 et 501.",
    )
    max_count: int = _knob(
        100,
        "A.14.2",
        "The most users a page holds.",
        "Nombre maximal d'utilisateurs par page.",
    )
    filter_operators: FilterOperators = _knob(
        FilterOperators.EQ,
        "A.14.3",
        "Which filters are answered: one eq, several eq joined by and, or every operator of RFC 7644.",
        "Filtres acceptés : un seul eq, plusieurs eq joints par and, ou tous les opérateurs de la RFC 7644.",
    )
    filter_attributes: frozenset[FilterAttribute] = _knob(
        frozenset(),
        "A.14.3",
        "What can be filtered besides userName and email.",
        "Attributs filtrables en plus de userName et email.",
    )
    unknown_attributes: Unknown = _knob(
        Unknown.IGNORE,
        "A.14.4",
        "Attributes RingCentral does not know: dropped, or refused with 400.",
        "Attributs inconnus de RingCentral : ignorés, ou refusés par 400.",
    )
    active_on_create: Activation = _knob(
        Activation.ENABLED,
        "A.14.5",
        "The state of a user created with active true.",
        "État d'un utilisateur créé avec active à true.",
    )
    never_activated: Deactivation = _knob(
        Deactivation.NOT_ACTIVATED,
        "A.9",
        "The state of a user who was never activated after active false.",
        "État d'un utilisateur jamais activé après active à false.",
    )
    welcome_mail: WelcomeMail = _knob(
        WelcomeMail.NEVER,
        "A.14.6",
        "When a welcome mail is recorded in the activity; nothing is sent.",
        "Quand un courriel de bienvenue est noté dans l'activité ; rien n'est envoyé.",
    )
    email_divergence: Divergence = _knob(
        Divergence.REJECT,
        "A.14.7",
        "A userName that differs from the work e-mail: refused with 400, aligned, or kept.",
        "userName différent du courriel professionnel : refusé par 400, aligné, ou conservé.",
    )
    put_keeps: frozenset[Omittable] = _knob(
        frozenset(),
        "A.14.8",
        "What a PUT keeps when it is left out; the rest is cleared.",
        "Ce qu'un PUT conserve lorsqu'il est omis ; le reste est effacé.",
    )
    photo_formats: PhotoFormats = _knob(
        PhotoFormats.ANY,
        "A.14.9",
        "Which photos are taken: any, https URLs, data URLs, or none.",
        "Photos acceptées : toutes, adresses https, adresses data, ou aucune.",
    )
    photos_read_back: Shown = _knob(
        Shown.SHOWN,
        "A.14.9",
        "Whether photos are in answers.",
        "Présence des photos dans les réponses.",
    )
    number_writes: NumberWrites = _knob(
        NumberWrites.IGNORE,
        "A.14.10",
        "Work and other numbers a client sends: dropped, stored, or refused with 400.",
        "Numéros work et other envoyés par un client : ignorés, enregistrés, ou refusés par 400.",
    )
    create_not_found: CreateNotFound = _knob(
        CreateNotFound.NEVER,
        "A.14.11",
        "When a POST answers 404 instead of 403: never, without a seat, or while the SCIM service is disabled.",
        "Quand un POST répond 404 au lieu de 403 : jamais, sans poste libre, ou si le service SCIM est désactivé.",
    )
    id_reuse: IdReuse = _knob(
        IdReuse.NEW,
        "A.14.12",
        "Whether a deleted user's seat gets a new extension id or keeps the old one.",
        "Le poste d'un utilisateur supprimé reçoit un nouvel identifiant d'extension, ou garde l'ancien.",
    )
    location_header: Switch = _knob(
        Switch.ON,
        "A.14.13",
        "Whether 201 has a Location header.",
        "Présence de l'en-tête Location dans la réponse 201.",
    )
    listed_users: ListedUsers = _knob(
        ListedUsers.ALL,
        "A.14.14",
        "Which users lists and searches show.",
        "Utilisateurs présents dans les listes et les recherches.",
    )
    list_shape: ListShape = _knob(
        ListShape.SHORT,
        "A.4",
        "Rows of lists without addresses and telephone numbers, or with both as before 2025.",
        "Lignes des listes sans adresses ni numéros de téléphone, ou avec, comme avant 2025.",
    )
    absent_endpoints: int = _knob(
        404,
        "A.2",
        "The status of /Me, /Bulk, /Groups and a search at the root: 404 or 501.",
        "Statut de /Me, /Bulk, /Groups et d'une recherche à la racine : 404 ou 501.",
    )
    discovery_filter: DiscoveryFilter = _knob(
        DiscoveryFilter.FORBIDDEN,
        "A.3",
        "A filter on the discovery endpoints: refused with 403, or ignored.",
        "Filtre sur les points de découverte : refusé par 403, ou ignoré.",
    )
    method_override: Switch = _knob(
        Switch.ON,
        "A.7",
        "Whether X-HTTP-Method-Override and _method are obeyed on a POST.",
        "Prise en compte de X-HTTP-Method-Override et _method sur un POST.",
    )
    query_token: Switch = _knob(
        Switch.ON,
        "A.7",
        "Whether the access_token query parameter is taken for a token.",
        "Prise en compte du paramètre access_token comme jeton.",
    )
    scheme_type: Shown = _knob(
        Shown.HIDDEN,
        "A.4",
        "Whether the authentication scheme in ServiceProviderConfig has the type RFC 7643 requires.",
        "Présence, dans ServiceProviderConfig, du type de schéma d'authentification exigé par la RFC 7643.",
    )
