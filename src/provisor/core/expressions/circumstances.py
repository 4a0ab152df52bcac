"""What an evaluation depends on besides the object: the time, chance, and facts about the tenant.

They travel with the attributes, under names that no attribute can have, so that an expression that needs none of them
costs nothing more:

    evaluate({**attributes, **Circumstances(now=…, seed=…, default_domain=…).attributes})
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from provisor.core.expressions.errors import ArgumentProblem
from provisor.core.objects import Attributes, Value

NOW = "]now"
SEED = "]seed"
DEFAULT_DOMAIN = "]defaultDomain"
_RESERVED = frozenset({NOW, SEED, DEFAULT_DOMAIN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Circumstances:
    """The circumstances of a plan, or of a single look at an object.

    `seed` is a long random text that nobody else knows; each object gets its own chance from it. `now` has a time zone.
    """

    now: datetime
    seed: str
    default_domain: str = ""
    attributes: Mapping[str, str] = field(init=False, repr=False, compare=False)
    """What is added to the attributes of an object."""

    def __post_init__(self) -> None:
        beside = {NOW: self.now.isoformat(), SEED: self.seed, DEFAULT_DOMAIN: self.default_domain}
        object.__setattr__(self, "attributes", beside)


def without_circumstances(seen: Attributes) -> dict[str, Value]:
    """Only what is the object's own, to be shown to a person: the seed is nobody's business."""
    return {name: value for name, value in seen.items() if name not in _RESERVED}


def now(scope: Attributes) -> datetime:
    """The time of the evaluation. Raises `ArgumentProblem` where it was not given."""
    return datetime.fromisoformat(_given(scope, NOW, "the time of the evaluation is not known here"))


def default_domain(scope: Attributes) -> str:
    """The tenant's default domain. Raises `ArgumentProblem` where none is set."""
    return _given(
        scope,
        DEFAULT_DOMAIN,
        "the application has no default domain; set it with `provisor app set APP defaultDomain=example.com`",
    )


def chance(scope: Attributes, salt: str) -> Iterator[int]:
    """Numbers of 64 random bits without end; the same for the same object (`objectId`), seed and salt."""
    seed = _given(scope, SEED, "there is no source of randomness here") + f" {scope.get('objectId')}"
    block = 0
    while True:
        digest = hashlib.sha256(f"{seed} {salt} {block}".encode("utf-8", "surrogatepass")).digest()
        yield from (int.from_bytes(digest[start : start + 8], "big") for start in range(0, len(digest), 8))
        block += 1


def _given(scope: Attributes, name: str, problem: str) -> str:
    value = scope.get(name)
    if isinstance(value, str) and value:
        return value
    raise ArgumentProblem(problem)
