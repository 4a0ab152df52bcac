"""Evidence about accounts: what the target holds for a person, asked as cheaply as can be.

One filtered query per object, or one paged listing of everything where that takes fewer requests. No filter is
believed (the target port verifies each hit), and a listing only proves absence when it delivered as many distinct
resources as the target says it has.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from provisor.core import deciding, errors, objects
from provisor.core.identifiers import ApplicationId, PlanId, TargetId
from provisor.engine import concurrently
from provisor.engine.claims import Claims
from provisor.ports.store import Store
from provisor.ports.target import ListingPage, Resource, Target
from provisor.scim import comparison, paths, resources

Answer = deciding.MatchAnswer | errors.TargetError
"""What is known of one object's account, or why nothing could be learnt."""


class Accounts:
    """Answers one plan's questions about one type of accounts."""

    def __init__(
        self,
        *,
        store: Store,
        target: Target,
        application_id: ApplicationId,
        plan_id: PlanId,
        object_type: objects.ObjectType,
        matching: Sequence[str],
        written: frozenset[str],
    ) -> None:
        """`matching` are the matching attributes, `written` the top-level attributes that updates write."""
        self._store = store
        self._target = target
        self._application_id = application_id
        self._plan_id = plan_id
        self._type = object_type
        self._matching = [(name, paths.parse(name)) for name in matching]
        self._partial = bool(written & target.listing_omits(object_type))
        self.claims = Claims(store, plan_id, object_type)
        self._listed = False
        self._complete = False

    async def prepare(self, expected: int) -> None:
        """List the target where that is likely to be cheaper than asking for `expected` objects one by one."""
        if expected >= 2 and not self._listed:
            await self._list(at_most_pages=expected)

    async def list_everything(self) -> None:
        """List the target whatever it costs.

        Raises `TargetUnusableError` where the listing holds fewer accounts than the target says it has: nothing could be
        concluded from what it does not show.
        """
        await self._list(at_most_pages=None)
        if not self._complete:
            raise errors.TargetUnusableError(
                f"Listing all {self._type.value}s: the application delivered fewer than it says it has, so it cannot be "
                "reconciled. Somebody may be changing accounts there; try again, or try another pageSize.",
                code=errors.ErrorCode.SERVICE_INCOMPATIBLE,
            )

    async def _list(self, *, at_most_pages: int | None) -> None:
        pages = self._target.listing(self._type)
        total, seen = 0, 0
        async for page in pages:
            total = page.total
            needed = math.ceil(total / max(len(page.resources), 1))
            if not seen and at_most_pages is not None and needed > at_most_pages:
                return
            seen += len(page.resources)
            self._keep(page)
        with self._store.read() as unit:
            self._complete = unit.snapshot(self._plan_id).count(self._type) >= total
        self._listed = True

    async def match(self, questions: Sequence[deciding.AskMatch]) -> Sequence[Answer]:
        """The answer to each question, in order."""
        answers: dict[int, Answer] = {}
        if self._listed:
            answers = self._listed_answers(questions)
        open_questions = [index for index in range(len(questions)) if index not in answers]
        asked = await concurrently.each(
            open_questions, lambda index: self._ask(questions[index]), at_once=self._target.concurrency
        )
        answers.update(zip(open_questions, asked, strict=True))
        unproven = [
            index for index in open_questions if isinstance(answers[index], errors.FilterNotHonouredError)
        ]
        answers.update(await self._without_filter(questions, unproven))
        return await self._completed([answers[index] for index in range(len(questions))])

    async def _without_filter(
        self, questions: Sequence[deciding.AskMatch], unproven: Sequence[int]
    ) -> Mapping[int, Answer]:
        """Answers from a listing of everything, for a target that does not honour the filter; it is listed once."""
        if not unproven:
            return {}
        if not self._listed:
            try:
                await self._list(at_most_pages=None)
            except errors.TargetUnusableError:
                raise
            except errors.TargetError as error:
                return dict.fromkeys(unproven, error)
        found = self._listed_answers([questions[index] for index in unproven])
        return {unproven[place]: answer for place, answer in found.items()}

    async def read(
        self, target_ids: Sequence[TargetId]
    ) -> Mapping[TargetId, Mapping[str, Any] | errors.TargetError]:
        """The present documents of linked accounts; a vanished one answers `ResourceGoneError`."""
        known: dict[TargetId, Mapping[str, Any] | errors.TargetError] = {}
        if self._listed and not self._partial:
            with self._store.read() as unit:
                known.update(unit.snapshot(self._plan_id).documents(self._type, target_ids))
        missing = [target_id for target_id in target_ids if target_id not in known]
        read = await concurrently.each(missing, self._read, at_once=self._target.concurrency)
        known.update(zip(missing, read, strict=True))
        return known

    def _keep(self, page: ListingPage) -> None:
        with self._store.write() as unit:
            unit.snapshot(self._plan_id).add(
                self._type,
                [(item.id, item.document, self._matching_values(item.document)) for item in page.resources],
            )

    def _matching_values(self, document: Mapping[str, Any]) -> list[tuple[str, str]]:
        return [
            (name, key)
            for name, path in self._matching
            for key in comparison.keys(path, resources.value_at(document, path))
        ]

    def _listed_answers(self, questions: Sequence[deciding.AskMatch]) -> dict[int, Answer]:
        answers: dict[int, Answer] = {}
        with self._store.read() as unit:
            snapshot = unit.snapshot(self._plan_id)
            for name, path in self._matching:
                wanted = {
                    index: key
                    for index, question in enumerate(questions)
                    if index not in answers
                    for key in comparison.keys(path, dict(question.values).get(name))
                }
                hits = snapshot.by_value(self._type, name, list(wanted.values())) if wanted else {}
                ids = [ids[0] for ids in hits.values() if len(ids) == 1]
                documents = snapshot.documents(self._type, ids) if ids else {}
                owners = unit.links(self._application_id).owners(self._type, ids) if ids else {}
                for index, key in wanted.items():
                    found = hits.get(key.casefold(), ())
                    if len(found) > 1:
                        answers[index] = deciding.Ambiguous(tuple(found), name)
                    elif found:
                        answers[index] = deciding.Matched(
                            found[0], documents[found[0]], name, owners.get(found[0])
                        )
        if self._complete:
            for index in range(len(questions)):
                answers.setdefault(index, deciding.Unmatched())
        return answers

    async def _ask(self, question: deciding.AskMatch) -> Answer:
        try:
            for name, value in question.values:
                # as it is written, and without blanks around it, in which two values that are the same may differ
                for spelling in dict.fromkeys((value, value.strip())):
                    hits = await self._target.find(self._type, name, spelling)
                    if hits:
                        return self._verdict(hits, name)
        except errors.TargetUnusableError:
            raise
        except errors.TargetError as error:
            return error
        return deciding.Unmatched()

    def _verdict(self, hits: Sequence[Resource], name: str) -> deciding.MatchAnswer:
        if len(hits) > 1:
            return deciding.Ambiguous(tuple(hit.id for hit in hits), name)
        with self._store.read() as unit:
            owners = unit.links(self._application_id).owners(self._type, [hits[0].id])
        return deciding.Matched(hits[0].id, hits[0].document, name, owners.get(hits[0].id))

    async def _completed(self, answers: Sequence[Answer]) -> Sequence[Answer]:
        """Read matches by id where lists leave out attributes that are going to be compared."""
        if not self._partial:
            return answers

        async def complete(answer: Answer) -> Answer:
            if not isinstance(answer, deciding.Matched):
                return answer
            document = await self._read(answer.target_id)
            if isinstance(document, errors.TargetError):
                return document
            return deciding.Matched(answer.target_id, document, answer.attribute, answer.owner)

        return await concurrently.each(answers, complete, at_once=self._target.concurrency)

    async def _read(self, target_id: TargetId) -> Mapping[str, Any] | errors.TargetError:
        try:
            return (await self._target.read(self._type, target_id)).document
        except errors.TargetUnusableError:
            raise
        except errors.TargetError as error:
            return error
