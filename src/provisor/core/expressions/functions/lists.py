"""Functions that make, count and take apart lists of texts. The first position is 1."""

from __future__ import annotations

from provisor.core.expressions.errors import ArgumentProblem
from provisor.core.expressions.signatures import Eager, Function, Origin, Parameter, Presence, Takes, Yields
from provisor.core.expressions.values import Computed, texts


def _count(attribute: Computed) -> str:
    return str(len(texts(attribute)))


def _item(attribute: Computed, index: int) -> str | None:
    if attribute is None:
        return None
    values = texts(attribute)
    if 1 <= index <= len(values):
        return values[index - 1]
    raise ArgumentProblem(f"there is no value {index}; the list has {len(values)}, the first is 1")


def _item_or_null(attribute: Computed, index: int) -> str | None:
    values = texts(attribute)
    return values[index - 1] if 1 <= index <= len(values) else None


def _remove_duplicates(attribute: Computed) -> tuple[str, ...]:
    """The first of equal values stays, in its place."""
    return tuple(dict.fromkeys(texts(attribute)))


def _split(source: str | None, delimiter: str | None) -> Computed:
    """Blanks around the items are removed, as in Entra's example; empty items stay."""
    if source is None:
        return None
    if not source:
        return ()
    return tuple(item.strip() for item in source.split(delimiter)) if delimiter else (source,)


def _contains(attribute: Computed, search: str | None, casing: str | None) -> str:
    ignoring_case = casing == _CASE_INSENSITIVE
    wanted = (search or "").casefold() if ignoring_case else search or ""
    for position, value in enumerate(texts(attribute), 1):
        if wanted in (value.casefold() if ignoring_case else value):
            return str(position)
    return "0"


_CASE_INSENSITIVE = "CaseInsensitive"


def _casing(text: str) -> str:
    if text in (_CASE_INSENSITIVE, "CaseSensitive"):
        return text
    raise ArgumentProblem('"CaseInsensitive" or "CaseSensitive" is expected')


_LIST = Parameter(name="attribute", takes=Takes.VALUE)
_INDEX = Parameter(name="index", takes=Takes.WHOLE_NUMBER)

FUNCTIONS = (
    Function(
        name="Count",
        meaning="How many values there are.",
        parameters=(_LIST,),
        implementation=Eager(apply=_count),
    ),
    Function(
        name="Item",
        meaning="The value at a position of a list; a position that does not exist fails the object.",
        parameters=(_LIST, _INDEX),
        implementation=Eager(apply=_item),
    ),
    Function(
        name="RemoveDuplicates",
        meaning="The list with each value once.",
        parameters=(_LIST,),
        implementation=Eager(apply=_remove_duplicates, yields=Yields.ANY),
    ),
    Function(
        name="Split",
        meaning="A text cut into a list at each delimiter.",
        parameters=(Parameter(name="source"), Parameter(name="delimiter")),
        implementation=Eager(apply=_split, yields=Yields.ANY),
    ),
    Function(
        name="Contains",
        meaning="The position of the first value that contains a text, 0 if there is none.",
        origin=Origin.HERITAGE,
        parameters=(
            _LIST,
            Parameter(name="search"),
            Parameter(name="casing", presence=Presence.OPTIONAL, reader=_casing),
        ),
        implementation=Eager(apply=_contains),
    ),
    Function(
        name="ItemOrNull",
        meaning="The value at a position of a list, null where there is none.",
        origin=Origin.HERITAGE,
        parameters=(_LIST, _INDEX),
        implementation=Eager(apply=_item_or_null),
    ),
)
