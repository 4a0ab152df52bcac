"""What the command line's exit status says."""

from __future__ import annotations

import enum


class ExitStatus(enum.IntEnum):
    """The exit statuses of every command; a script may rely on them."""

    DONE = 0
    FAILED = 1
    """What was asked for could not be done, or not to its end; standard error says why."""
    WRONG_USAGE = 2
    """The command line itself is not usable (unknown option, missing argument); nothing was changed."""
    DONE_WITH_FAILURES = 3
    """The cycle came to its end, but some of its objects failed."""
    HELD = 4
    """The plan would take away too many accounts and waits for a person."""
    INTERRUPTED = 130
    """Ctrl-C."""
