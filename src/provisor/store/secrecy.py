"""Secrets at rest: encrypted with keys that live outside the database."""

from __future__ import annotations

import os
import pathlib

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from provisor.core.errors import InvalidInputError


class Keyring:
    """Encrypts with the first key and decrypts with any, so that keys can be rotated (Fernet, AES-128-CBC and HMAC)."""

    def __init__(self, keys: str) -> None:
        """`keys`: one or several Fernet keys, separated by commas or line breaks, the newest first."""
        parts = [part.strip() for part in keys.replace(",", "\n").splitlines() if part.strip()]
        try:
            self._fernet = MultiFernet([Fernet(part) for part in parts])
        except ValueError as error:
            raise InvalidInputError(
                "The secret key is not usable: it must be 32 bytes in URL-safe base64 "
                "(PROVISOR_SECRET_KEY, or the key file beside the database)."
            ) from error

    def encrypt(self, clear: str) -> str:
        """The text, encrypted."""
        return self._fernet.encrypt(clear.encode()).decode()

    def decrypt(self, token: str) -> str:
        """The clear text. Raises `InvalidInputError` where none of the keys fits."""
        try:
            return self._fernet.decrypt(token.encode()).decode()
        except InvalidToken as error:
            raise InvalidInputError(
                "A stored secret cannot be decrypted with the present key; restore the key file or PROVISOR_SECRET_KEY "
                "it was written with, or enter the credentials again."
            ) from error

    def __repr__(self) -> str:
        return "Keyring(…)"


def open_keyring(key: str | None, key_file: pathlib.Path) -> Keyring:
    """The keyring from a given key, else from a file that is made on first use, readable by its owner only."""
    if key:
        return Keyring(key)
    try:
        descriptor = os.open(key_file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return Keyring(key_file.read_text())
    with os.fdopen(descriptor, "wb") as file:
        file.write(Fernet.generate_key() + b"\n")
        file.flush()
        os.fsync(file.fileno())
    return Keyring(key_file.read_text())
