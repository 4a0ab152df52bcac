"""Many waits at once, as many as a target allows."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")


async def each(
    items: Iterable[Item], work: Callable[[Item], Awaitable[Answer]], *, at_once: int
) -> Sequence[Answer]:
    """The answers in the order of the items; the first error stops everything and is raised."""
    todo = list(items)
    answers: dict[int, Answer] = {}
    queue = iter(enumerate(todo))

    async def worker() -> None:
        for index, item in queue:
            answers[index] = await work(item)

    try:
        async with asyncio.TaskGroup() as group:
            for _ in range(min(at_once, len(todo))):
                group.create_task(worker())
    except* Exception as errors:  # noqa: BLE001 - re-raised as the single error it is
        raise first_of(errors) from None
    return [answers[index] for index in range(len(todo))]


def first_of(errors: BaseExceptionGroup[Exception]) -> Exception:
    """The first plain error inside a group of errors."""
    found = errors.exceptions[0]
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    return found
