"""What faults do to lists: to the request for a page before it is answered, and to the page that was answered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

import orjson

from provisor.ringcentral.faults.exchange import Answer, Request
from provisor.ringcentral.faults.model import WrongTotal

DEFAULT_COUNT = 100
"""Resources on a page where the client does not say: RingCentral's default, and the page that is repeated without one."""

Parameters = dict[str, Any]


def with_parameters(request: Request, change: Callable[[Parameters], Parameters]) -> Request:
    """The request for a page with its parameters changed, in the query or in the body of a search."""
    if request.method == "GET":
        changed = change(dict(request.query))
        return request.with_query({name: str(value) for name, value in changed.items()})
    asked = parameters(request)
    return request.with_body(orjson.dumps(change(asked))) if asked else request


def parameters(request: Request) -> Parameters:
    """What a request for a page asks for, in its query or in the body of a search; empty where it is unreadable."""
    if request.method == "GET":
        return dict(request.query)
    try:
        asked = orjson.loads(request.body)
    except orjson.JSONDecodeError:
        return {}
    return asked if isinstance(asked, dict) else {}


def page_before(asked: Mapping[str, Any]) -> Parameters:
    """The parameters of the page before the one asked for; the first page where there is none, and for any cursor."""
    start = _whole(asked.get("startIndex"), 1)
    count = max(1, _whole(asked.get("count"), DEFAULT_COUNT))
    changed = {**asked, "startIndex": max(1, start - count)}
    if "cursor" in changed:
        changed["cursor"] = ""
        del changed["startIndex"]
    return changed


def no_more_than(asked: Mapping[str, Any], size: int) -> Parameters:
    """The parameters of a page of at most so many resources."""
    return {**asked, "count": min(size, _whole(asked.get("count"), size))}


def said_to_start_at(answer: Answer, start: Any) -> Answer:
    """A page that claims another `startIndex`."""
    document = answer.document()
    if "startIndex" not in document:
        return answer
    return answer.with_body(orjson.dumps({**document, "startIndex": _whole(start, 1)}))


def with_wrong_total(answer: Answer, kind: WrongTotal) -> Answer:
    """A page with another `totalResults`; never less than 0."""
    document = answer.document()
    total = document.get("totalResults")
    if not isinstance(total, int):
        return answer
    wrong = kind.total if kind.total is not None else max(0, total + (kind.shift or 0))
    return answer.with_body(orjson.dumps({**document, "totalResults": wrong}))


def without(answer: Answer, hidden: Collection[str]) -> Answer:
    """A page without the resources of these ids, counted as if they were not there."""
    document = answer.document()
    resources = document.get("Resources")
    if not isinstance(resources, list):
        return answer
    seen = [each for each in resources if not (isinstance(each, dict) and each.get("id") in hidden)]
    missing = len(resources) - len(seen)
    if not missing:
        return answer
    changed = {**document, "Resources": seen}
    for name in ("totalResults", "itemsPerPage"):
        if isinstance(changed.get(name), int):
            changed[name] -= missing
    return answer.with_body(orjson.dumps(changed))


def _whole(value: Any, otherwise: int) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return otherwise
