"""Passwords: which are accepted, and how they are kept."""

from __future__ import annotations

import unicodedata

import argon2

from provisor.look.catalogues import mark as _

SHORTEST = 12
LONGEST = 200
FEWEST_CHARACTERS = 5
"""How many different characters a password needs."""

_COMMON = (
    "password",
    "motdepasse",
    "provisor",
    "ringcentral",
    "qwerty",
    "azerty",
    "administrator",
    "letmein",
)
_SEQUENCES = (
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjkl",
    "azertyuiopqsdfghjklm",
)


class PasswordHasher:
    """Argon2id with the library's parameters, which follow RFC 9106's second choice.

    A password is compared after NFKC, so that it does not matter how a keyboard composes its accents.
    """

    def __init__(self) -> None:
        self._hasher = argon2.PasswordHasher()
        self._nobody = self._hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        return self._hasher.hash(_normal(password))

    def is_right(self, password: str, hashed: str | None) -> bool:
        """Whether a password is the one that was hashed. Without a hash it takes as long, and is wrong."""
        try:
            self._hasher.verify(hashed or self._nobody, _normal(password))
        except (argon2.exceptions.VerificationError, argon2.exceptions.InvalidHashError):
            return False
        return hashed is not None


def objection(password: str, name: str) -> str | None:
    """Why a password is not accepted, as a text to translate; None when it is."""
    plain = _normal(password).casefold()
    if len(plain) < SHORTEST:
        return _("Choose a password of at least 12 characters; several words are fine.")
    if len(plain) > LONGEST:
        return _("Choose a password of at most 200 characters.")
    if len(set(plain)) < FEWEST_CHARACTERS:
        return _("This password repeats the same few characters. Choose a more varied one.")
    if name and name.casefold() in plain:
        return _("This password contains the user name. Choose another one.")
    if _is_guessable(plain):
        return _("This password is one of the first to be guessed. Choose another one.")
    return None


def _is_guessable(plain: str) -> bool:
    """Whether little is left of a password without its common words, digits and runs of the keyboard."""
    rest = plain
    for word in _COMMON:
        rest = rest.replace(word, "")
    letters = "".join(character for character in rest if character.isalpha())
    if len(letters) < 4 and rest != plain:
        return True
    return any(plain[:8] in sequence and plain[-4:] in sequence * 2 for sequence in _SEQUENCES)


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)
