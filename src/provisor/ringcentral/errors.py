"""What goes wrong with a provider in words for the one who operates it."""


class ProviderError(Exception):
    """Something the operator asked for cannot be done; the message says why and what to do."""
