"""User names as they are compared: the width mapping of UsernameCaseMapped (RFC 8265 section 3.3, RFC 7644 section 5).

scim2-models maps case and composes, the rest of that profile. What the profile forbids in a user name, such as a
blank, is accepted here all the same: identity providers send it.
"""

from __future__ import annotations

import unicodedata


def prepared(name: str) -> str:
    """The name with its full-width and half-width characters in their usual width."""
    if name.isascii():
        return name
    return "".join(_usual_width(character) for character in name)


def _usual_width(character: str) -> str:
    kind, _, codes = unicodedata.decomposition(character).partition(" ")
    if kind not in ("<wide>", "<narrow>"):
        return character
    return "".join(chr(int(code, 16)) for code in codes.split())
