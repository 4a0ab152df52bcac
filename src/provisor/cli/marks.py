"""How a finding is shown in a terminal."""

from provisor.core.steps import Mark

MARKS = {
    Mark.YES: "✓",
    Mark.NO: "✗",
    Mark.NEITHER: "–",  # noqa: RUF001 - a dash is meant
}
