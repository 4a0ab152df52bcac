"""Editing a schema in steps: a draft that only its author sees, until it is saved as a whole or dropped."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from provisor.core.application import Application
from provisor.core.audit import Actor
from provisor.core.errors import InvalidInputError
from provisor.core.schema_versions import SchemaDraft, digest
from provisor.engine import applications, schema_history
from provisor.ports.store import Store, UnitOfWork

Document = Mapping[str, Any]


class OvertakenDraftError(InvalidInputError):
    """The schema, or the draft itself, has become another one since it was looked at; nothing was saved."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Editing:
    """What somebody has before them: the saved schema, and their draft of the next where they have one.

    `overtaken` says that somebody else saved a schema after the draft was begun: it cannot be saved any more.
    """

    saved: Document
    draft: SchemaDraft | None

    @property
    def document(self) -> Document:
        """What the pages show and change."""
        return self.saved if self.draft is None else self.draft.document

    @property
    def overtaken(self) -> bool:
        return self.draft is not None and self.draft.base != digest(self.saved)


def editing(unit: UnitOfWork, application: Application, author: Actor) -> Editing:
    """What the author has before them."""
    saved = unit.applications.schema(application.id)
    return Editing(saved=saved, draft=unit.schemas(application.id).draft(author))


def change(
    store: Store, application: Application, author: Actor, edit: Callable[[Document], Document]
) -> None:
    """Take a step: the draft, or the saved schema where there is none, edited and kept as the draft.

    A draft that has come to say what is saved is dropped. Raises `InvalidInputError` where the outcome could not be
    saved, and `OvertakenDraftError` where the draft could not; nothing is kept then.
    """
    with store.write() as unit:
        before = editing(unit, application, author)
        _require_current(before, application)
        document = edit(before.document)
        applications.check_schema(document)
        schemas = unit.schemas(application.id)
        if digest(document) == digest(before.saved):
            schemas.drop_draft(author)
        else:
            schemas.keep_draft(SchemaDraft(author=author, base=digest(before.saved), document=document))


def discard(store: Store, application: Application, author: Actor) -> None:
    """Forget the author's draft."""
    with store.write() as unit:
        unit.schemas(application.id).drop_draft(author)


def save(store: Store, application: Application, author: Actor, seen: str) -> None:
    """Save the author's draft; the next cycle looks at everybody.

    :param seen: the digest of the draft whose effect the author saw.
    :raises OvertakenDraftError: where the draft or the saved schema became another one meanwhile.
    """
    with store.write() as unit:
        before = editing(unit, application, author)
        if before.draft is None or digest(before.draft.document) != seen:
            raise OvertakenDraftError(
                "The draft is not the one whose effect was shown: it was saved, discarded or changed meanwhile. "
                "Nothing was saved; look at the effect again."
            )
        _require_current(before, application)
        applications.check_schema(before.draft.document)
        schema_history.replace(unit, application, before.draft.document, by=author)
        unit.schemas(application.id).drop_draft(author)


def _require_current(before: Editing, application: Application) -> None:
    if before.overtaken:
        raise OvertakenDraftError(
            f"The mappings of {application.name!r} were changed by somebody else after this draft was begun, so it "
            "cannot be saved. Discard it and make the change again, or export it first."
        )
