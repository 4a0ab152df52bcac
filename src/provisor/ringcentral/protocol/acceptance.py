"""Which forms of an answer a client takes: the `Accept` header (RFC 9110 section 12.5.1)."""

from __future__ import annotations

from scim2_models import SCIMException

_OURS = ("application/scim+json", "application/json")
_RANGES = frozenset({"*/*", "application/*", *_OURS})


class NotAcceptableException(SCIMException):
    """The client takes no JSON (HTTP status 406)."""

    status = 406


def check(accept: str | None) -> None:
    """Accept whoever takes JSON, or says nothing.

    :raises NotAcceptableException: for a client that takes other forms only.
    """
    if accept is None or not accept.strip():
        return
    if not any(_takes_json(part) for part in accept.split(",")):
        raise NotAcceptableException(
            detail=f"Answers are {_OURS[0]}, which Accept: {accept[:200]} leaves out. Add it, or send no Accept."
        )


def _takes_json(part: str) -> bool:
    media_range, *parameters = (each.strip().casefold() for each in part.split(";"))
    weights = [each.partition("=")[2] for each in parameters if each.startswith("q=")]
    return media_range in _RANGES and not any(_is_zero(weight) for weight in weights)


def _is_zero(weight: str) -> bool:
    return weight.strip("0.") == "" and "0" in weight
