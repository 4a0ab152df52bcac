"""Scoping filters as text that a person edits as a whole: a clause a line, and a line `# name` before each group.

    # Paris office
    city EQUALS 'Paris'
    jobTitle IS NOT NULL

    # Contractors
    employeeType EQUALS 'Contractor', 'Temporary'

`groups_of(text_of(groups), attributes) == groups` for every filter that `is_writable`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from provisor.core.errors import InvalidInputError
from provisor.core.scoping_filters.model import Clause, ClauseGroup, MultivaluedComparison
from provisor.core.scoping_filters.operators import OPERATORS, Arity
from provisor.core.scoping_filters.parsing import AttributeTypes, clause_of

_BREAKS = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")


class FilterTextError(InvalidInputError):
    """A line of a filter's text is not understood. `line` counts from 1."""

    def __init__(self, message: str, *, line: int) -> None:
        self.line = line
        super().__init__(f"Line {line}: {message}")


def is_writable(groups: Sequence[ClauseGroup]) -> bool:
    """Whether the groups fit into lines: no name and no value has a line break, or a name blanks at its ends."""
    texts = [
        text
        for group in groups
        for text in (group.name, *(each for clause in group.clauses for each in clause.operands))
    ]
    return not any(_BREAKS.search(text) for text in texts) and all(
        group.name == group.name.strip() and group.name for group in groups
    )


def text_of(groups: Sequence[ClauseGroup]) -> str:
    """The groups as text."""
    return "\n".join(
        "".join(f"{line}\n" for line in (f"# {group.name}", *map(clause_text, group.clauses)))
        for group in groups
    )


def clause_text(clause: Clause) -> str:
    """A clause as `clause_of` reads it."""
    several = " ANY" if clause.comparison is MultivaluedComparison.ANY else ""
    beginning = f"{clause.attribute}{several} {clause.operator}"
    if OPERATORS[clause.operator].arity is Arity.UNARY:
        return beginning
    return f"{beginning} {', '.join(map(_quoted, clause.operands))}"


def operands_text(operands: Sequence[str]) -> str:
    """Values as `operands_of` reads them: a single one as it stands, wherever that is clear."""
    if len(operands) == 1 and not operands[0].startswith("'") and operands[0] == operands[0].strip():
        return operands[0]
    return ", ".join(map(_quoted, operands))


def groups_of(text: str, attributes: AttributeTypes) -> tuple[ClauseGroup, ...]:
    """The groups in a text; clauses before the first name are a group, too.

    Raises `FilterTextError` with the line of what is not understood.
    """
    groups: list[tuple[str, int, list[Clause]]] = []
    for number, line in enumerate(_BREAKS.split(text.replace("\r\n", "\n")), start=1):
        written = line.strip()
        if written.startswith("#"):
            groups.append((written[1:].strip(), number, []))
        elif written:
            if not groups:
                groups.append(("", number, []))
            groups[-1][2].append(_clause(written, attributes, number))
    for name, number, clauses in groups:
        if not clauses:
            raise FilterTextError(
                f"the group {name!r} has no clause, and would let everybody pass; write one below it, or remove the line.",
                line=number,
            )
    return tuple(
        ClauseGroup(name=name or f"Filter {index}", clauses=tuple(clauses))
        for index, (name, _, clauses) in enumerate(groups, start=1)
    )


def _clause(written: str, attributes: AttributeTypes, number: int) -> Clause:
    try:
        return clause_of(written, attributes)
    except InvalidInputError as error:
        raise FilterTextError(str(error), line=number) from error


def _quoted(operand: str) -> str:
    doubled = operand.replace("'", "''")
    return f"'{doubled}'"
