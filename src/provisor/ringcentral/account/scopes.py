"""What an application may do in an account."""

from enum import StrEnum


class ApplicationScope(StrEnum):
    """What a token may do; `EditAccounts` includes `ReadAccounts`."""

    READ_ACCOUNTS = "ReadAccounts"
    EDIT_ACCOUNTS = "EditAccounts"


ALL_SCOPES = frozenset(ApplicationScope)
READ_ONLY = frozenset({ApplicationScope.READ_ACCOUNTS})
