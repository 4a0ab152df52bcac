"""`Replace`: five functions under one name, told apart by which arguments are given.

Source: Entra "Reference for writing expressions", Replace.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from provisor.core.expressions import regular_expressions
from provisor.core.expressions.errors import ArgumentProblem, ExpressionSyntaxError, shown
from provisor.core.expressions.regular_expressions import Pattern, PatternSyntaxError, PatternTooCostlyError
from provisor.core.expressions.signatures import Eager, Function, Origin, Parameter, Presence
from provisor.core.expressions.tree import Constant, Node, Omitted
from provisor.core.expressions.values import LONGEST_TEXT, limited

Apply: TypeAlias = Callable[..., str | None]

_NAMES = (
    "source",
    "oldValue",
    "regexPattern",
    "regexGroupName",
    "replacementValue",
    "replacementAttributeName",
    "template",
)
_FORMS = (
    "Give oldValue with replacementValue or template, or regexPattern with replacementValue, with regexGroupName and "
    "replacementValue, or with regexGroupName and replacementAttributeName."
)


def pattern(text: str) -> Pattern:
    """The pattern, ready for use. Raises `ArgumentProblem`."""
    try:
        return regular_expressions.compile_pattern(text)
    except PatternSyntaxError as problem:
        raise ArgumentProblem(str(problem)) from None


def _replace_text(source: str | None, old: str | None, new: str | None) -> str | None:
    if not source or not old:
        return source
    new = new or ""
    if len(new) > len(old) and len(source) + source.count(old) * (len(new) - len(old)) > LONGEST_TEXT:
        raise ArgumentProblem(f"the result has more than {LONGEST_TEXT:,} characters")
    return source.replace(old, new)


def _into_template(source: str | None, old: str | None, template: str | None) -> str | None:
    """The source in the places of the template; a null source leaves them empty."""
    return _replace_text(template, old, source)


def _replace_matches(source: str | None, expression: Pattern | None, replacement: str | None) -> str | None:
    if source is None or expression is None:
        return source
    return _within_limits(lambda: expression.replace(source, replacement or ""))


def _replace_group(
    source: str | None, expression: Pattern | None, group: str | None, replacement: str | None
) -> str | None:
    if source is None or expression is None:
        return source
    name = _known(expression, group)
    return _within_limits(lambda: expression.replace_group(source, name, replacement or ""))


def _from_other_attribute(
    source: str | None, expression: Pattern | None, group: str | None, other: str | None
) -> str | None:
    """The source if it has a value, else what the group holds of the other attribute; null without a match."""
    if source:
        return source
    if other is None or expression is None:
        return None
    name = _known(expression, group)

    def held() -> str | None:
        match = expression.search(other)
        return None if match is None else match.group(name)

    return _within_limits(held)


def _within_limits(work: Callable[[], str | None]) -> str | None:
    try:
        made = work()
    except PatternTooCostlyError as problem:
        raise ArgumentProblem(str(problem)) from None
    return made if made is None else limited(made)


def _known(expression: Pattern, group: str | None) -> str:
    if group is not None and group in expression.groups:
        return group
    known = ", ".join(sorted(name for name in expression.groups if not name.isdigit())) or "none has a name"
    raise ArgumentProblem(f"the regular expression has no group {shown(group)}; its groups: {known}")


_MODES: dict[frozenset[str], Apply] = {
    frozenset({"oldValue", "replacementValue"}): _replace_text,
    frozenset({"oldValue", "template"}): _into_template,
    frozenset({"regexPattern", "replacementValue"}): _replace_matches,
    frozenset({"regexPattern", "regexGroupName", "replacementValue"}): _replace_group,
    frozenset({"regexPattern", "regexGroupName", "replacementAttributeName"}): _from_other_attribute,
}


def _given(arguments: Sequence[Node]) -> frozenset[str]:
    return frozenset(
        name
        for name, argument in zip(_NAMES[1:], arguments[1:], strict=False)
        if not isinstance(argument, Omitted)
    )


def _check(arguments: Sequence[Node]) -> None:
    """Passes if the arguments make one of the five forms and a constant group is one of the constant pattern."""
    given = _given(arguments)
    if given not in _MODES:
        raise ArgumentProblem(
            f"these arguments make no replacement ({', '.join(sorted(given)) or 'none'}). {_FORMS}"
        )
    if "regexGroupName" in given:
        expression, group = arguments[2], arguments[3]
        if isinstance(expression, Constant) and isinstance(group, Constant):
            try:
                _known(pattern(expression.value), group.value)
            except ArgumentProblem as problem:
                raise ExpressionSyntaxError(
                    f"The argument regexGroupName of Replace: {problem}", position=group.position
                ) from None


def _chosen(arguments: Sequence[Node]) -> Apply:
    """The form that the arguments make, as a function of all seven."""
    given = _given(arguments)
    apply = _MODES[given]
    places = [0, *(place for place, name in enumerate(_NAMES) if name in given)]
    if len(places) == 3:
        first, second, third = places
        return lambda *values: apply(values[first], values[second], values[third])
    return lambda *values: apply(*[values[place] for place in places])


def _replace_chars(source: str | None, replacements: dict[str, str] | None) -> str | None:
    if source is None:
        return None
    return (
        limited("".join([replacements.get(character, character) for character in source]))
        if replacements
        else source
    )


def _dictionary(text: str) -> dict[str, str]:
    """The replacements in `ä:ae,ö:oe`, by character. Raises `ArgumentProblem`."""
    replacements: dict[str, str] = {}
    for entry in "".join(text.split()).split(","):
        character, separator, replacement = entry.partition(":")
        if entry and (len(character) != 1 or not separator or ":" in replacement):
            raise ArgumentProblem(
                f"{shown(entry)} is no replacement; write one character, a colon, and what takes its place"
            )
        if entry:
            replacements[character] = replacement
    return replacements


def _optional(name: str) -> Parameter:
    return Parameter(name=name, presence=Presence.OPTIONAL)


FUNCTIONS = (
    Function(
        name="Replace",
        meaning="The source with a text, or what a regular expression finds, replaced.",
        parameters=(
            Parameter(name="source"),
            _optional("oldValue"),
            Parameter(name="regexPattern", presence=Presence.OPTIONAL, reader=pattern),
            _optional("regexGroupName"),
            _optional("replacementValue"),
            _optional("replacementAttributeName"),
            _optional("template"),
        ),
        check=_check,
        implementation=Eager(apply=_replace_text, choose=_chosen),
    ),
    Function(
        name="ReplaceChars",
        meaning="The text with single characters replaced, as a list such as ä:ae,ö:oe says.",
        origin=Origin.HERITAGE,
        parameters=(Parameter(name="source"), Parameter(name="ReplacePattern", reader=_dictionary)),
        implementation=Eager(apply=_replace_chars),
    ),
)
