"""Which of the two media types of SCIM an answer has, as the client's Accept asks (RFC 7644 section 3.8, RFC 9110)."""

from __future__ import annotations

SCIM = "application/scim+json"
JSON = "application/json"

_OFFERED = (SCIM, JSON)


def negotiate(accept: str | None) -> str | None:
    """The media type a client wants most; SCIM's own where it does not say, or does not care.

    Between two it wants equally, the one it names goes before one that only fits a wildcard, and then the one it names
    first. What cannot be read in the header is left aside.

    :return: None where the client accepts neither.
    """
    ranges = [_range(each) for each in (accept or "").split(",") if each.strip()]
    if not ranges:
        return SCIM
    ranked = []
    for offer, offered in enumerate(_OFFERED):
        fitting = [
            (precision, quality, -position)
            for position, (name, quality) in enumerate(ranges)
            if (precision := _precision(name, offered))
        ]
        if not fitting:
            continue
        # The most precise range that fits decides about the quality (RFC 9110 section 12.5.1).
        precision, quality, position = max(fitting)
        if quality > 0:
            ranked.append((quality, precision, position, -offer, offered))
    return max(ranked)[-1] if ranked else None


def _range(text: str) -> tuple[str, float]:
    name, *parameters = (part.strip().lower() for part in text.split(";"))
    quality = 1.0
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip() == "q":
            try:
                quality = min(max(float(value), 0.0), 1.0)
            except ValueError:
                quality = 1.0
    return name, quality if quality == quality else 1.0  # noqa: PLR0124 - a quality of `nan` is none


def _precision(name: str, offered: str) -> int:
    """How precisely a range names a media type; 0 where it does not."""
    return {offered: 3, "application/*": 2, "*/*": 1}.get(name, 0)
