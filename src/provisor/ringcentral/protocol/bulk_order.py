"""The order in which the operations of a bulk request run (RFC 7644 sections 3.7.1 and 3.7.2).

Operations keep the order of the request but for those that wait: for the creations they refer to by `bulkId:`, for the
operations before them on the same resource, and a deletion for the operations before it that name the resource.
Creations that refer to each other in a circle wait for each other, so they form one group that runs as a whole.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from scim2_models import BulkOperation
from scim2_server.bulk import BULK_ID_PREFIX

Group = tuple[int, ...]
"""Positions of operations in the request: one, or those of a circle."""

Waiting = Sequence[AbstractSet[int]]
"""For each operation, those it waits for."""


def texts_in(value: Any) -> Iterator[str]:
    """Every text in a value, whatever holds it."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from texts_in(getattr(value, name))
    elif isinstance(value, dict):
        for item in value.values():
            yield from texts_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from texts_in(item)


@dataclass(slots=True)
class _Seen:
    """What the operations so far have named."""

    by_path: dict[str, int]
    by_text: dict[str, set[int]]


def waiting(operations: Sequence[BulkOperation[Any]], creations: dict[str, int]) -> list[set[int]]:
    """Which operations each operation waits for.

    :param creations: the position of the creation of each `bulkId`.
    """
    seen = _Seen(by_path={}, by_text={})
    found = []
    for index, operation in enumerate(operations):
        path = (operation.path or "").strip("/")
        texts = set(texts_in(operation.data))
        waits = {
            creations[text.removeprefix(BULK_ID_PREFIX)]
            for text in (*texts, *path.split("/"))
            if text.startswith(BULK_ID_PREFIX) and text.removeprefix(BULK_ID_PREFIX) in creations
        }
        if operation.method != BulkOperation.Method.post:
            waits |= _earlier(operation, path, index, seen)
        for text in texts:
            seen.by_text.setdefault(text, set()).add(index)
        found.append(waits)
    return found


def _earlier(operation: BulkOperation[Any], path: str, index: int, seen: _Seen) -> set[int]:
    waits = {seen.by_path[path]} if path in seen.by_path else set()
    seen.by_path[path] = index
    if operation.method == BulkOperation.Method.delete:
        waits |= seen.by_text.get(path.rpartition("/")[2], set())
    return waits


def groups(waits: Waiting) -> Iterator[Group]:
    """The operations in the order in which they run, each circle together."""
    circles = list(_circles(waits))
    home = {index: number for number, circle in enumerate(circles) for index in circle}
    missing = [{home[each] for index in circle for each in waits[index]} for circle in circles]
    followers: dict[int, list[int]] = {}
    for number, each in enumerate(missing):
        each.discard(number)
        for other in each:
            followers.setdefault(other, []).append(number)
    ready = [(circle[0], number) for number, circle in enumerate(circles) if not missing[number]]
    heapq.heapify(ready)
    while ready:
        _, number = heapq.heappop(ready)
        yield circles[number]
        for follower in followers.get(number, ()):
            missing[follower].discard(number)
            if not missing[follower]:
                heapq.heappush(ready, (circles[follower][0], follower))


def _circles(waits: Waiting) -> Iterator[Group]:
    """The strongly connected components, by Tarjan's algorithm without recursion; most are one operation."""
    order: dict[int, int] = {}
    lowest: dict[int, int] = {}
    path: list[int] = []
    open_: set[int] = set()
    for root in range(len(waits)):
        work: list[tuple[int, Iterator[int]]] = []
        entered = root if root not in order else None
        while entered is not None or work:
            if entered is not None:
                order[entered] = lowest[entered] = len(order)
                path.append(entered)
                open_.add(entered)
                work.append((entered, iter(waits[entered])))
            index, others = work[-1]
            entered = _next_unseen(index, others, order, lowest, open_)
            if entered is None:
                work.pop()
                if work:
                    parent = work[-1][0]
                    lowest[parent] = min(lowest[parent], lowest[index])
                if lowest[index] == order[index]:
                    start = path.index(index)
                    open_.difference_update(path[start:])
                    yield tuple(sorted(path[start:]))
                    del path[start:]


def _next_unseen(
    index: int, others: Iterator[int], order: dict[int, int], lowest: dict[int, int], open_: set[int]
) -> int | None:
    for other in others:
        if other not in order:
            return other
        if other in open_:
            lowest[index] = min(lowest[index], order[other])
    return None
