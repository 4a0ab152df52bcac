"""The tables sign-in needs, declared into the database of whoever has a console."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, MetaData, Table, Text


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInTables:
    """Secrets stand in them as digests, passwords as argon2 hashes; moments are microseconds since 1970."""

    administrators: Table
    sessions: Table
    invitations: Table
    attempts: Table


def declare(metadata: MetaData, prefix: str) -> SignInTables:
    """Declare the tables, their names beginning with a prefix such as `provider_`."""
    administrators = Table(
        f"{prefix}administrators",
        metadata,
        # The name in the form it is compared in; `name` is as it was typed.
        Column("key", Text, primary_key=True),
        Column("name", Text, nullable=False),
        Column("password_hash", Text, nullable=False),
        Column("role", Text, nullable=False),
        Column("created", BigInteger, nullable=False),
    )
    sessions = Table(
        f"{prefix}sessions",
        metadata,
        Column("digest", Text, primary_key=True),
        Column("administrator", ForeignKey(administrators.c.key, ondelete="CASCADE"), nullable=False),
        Column("created", BigInteger, nullable=False),
        Column("last_seen", BigInteger, nullable=False),
        # What the next page says, as JSON: a list of [tone, text].
        Column("notices", Text),
        Index(f"{prefix}sessions_by_administrator", "administrator"),
    )
    invitations = Table(
        f"{prefix}invitations",
        metadata,
        Column("digest", Text, primary_key=True),
        # The role of the administrator it makes.
        Column("role", Text, nullable=False),
        Column("expires", BigInteger, nullable=False),
    )
    attempts = Table(
        f"{prefix}sign_in_attempts",
        metadata,
        # A digest: what was typed into the name field may have been a password.
        Column("subject", Text, primary_key=True),
        Column("failures", Integer, nullable=False),
        Column("last_failure", BigInteger, nullable=False),
    )
    return SignInTables(
        administrators=administrators, sessions=sessions, invitations=invitations, attempts=attempts
    )
