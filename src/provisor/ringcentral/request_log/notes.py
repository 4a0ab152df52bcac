"""What the layers inside note for the log, in the state of the ASGI scope."""

CALLER = "provisor.caller"
"""Whose token the request carried: `Caller.subject`."""

FAULTS = "provisor.faults"
"""The faults on demand that it met, in words."""
