"""The first page: whether the account can take people, and what is in the way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from starlette.responses import Response

from provisor.look.site import Page
from provisor.look.visit import Visit
from provisor.ringcentral.account import tokens
from provisor.ringcentral.account.states import ExtensionStatus
from provisor.ringcentral.account.tokens import Token, TokenState
from provisor.ringcentral.console import people
from provisor.ringcentral.console.provider import Provider
from provisor.ringcentral.console.scim_tokens import EXPIRES_SOON
from provisor.ringcentral.console.user_pages import STATES
from provisor.ringcentral.request_log.entry import LogQuery

LATEST = 8
"""Requests the page shows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far a directory has come: each step needs the one before."""

    is_enabled: bool
    has_token: bool
    was_used: bool
    has_users: bool

    @property
    def is_complete(self) -> bool:
        return self.is_enabled and self.has_token and self.was_used and self.has_users


class OverviewPages:
    """The page at the console's root, and the one that shows the look."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    def pages(self) -> tuple[Page, ...]:
        return (
            Page(path="/", answer=self.show),
            Page(path="/style", answer=self.show_style),
        )

    def show(self, visit: Visit) -> Response:
        provider = self._provider
        valid = self._valid_tokens()
        total = people.count(provider.database)
        now = provider.clock()
        return visit.page(
            "console/overview.html",
            progress=Progress(
                is_enabled=provider.settings.current().answers_scim,
                has_token=bool(valid),
                was_used=any(token.last_used is not None for token in valid),
                has_users=total > 0,
            ),
            total=total,
            counts=provider.account.counts() if provider.account is not None else None,
            states=[each for each in STATES if each is not ExtensionStatus.UNASSIGNED],
            looks=STATES,
            entries=provider.log.storage.entries(LogQuery(profile=provider.profile.name), limit=LATEST),
            callers={token.id: token.description or token.id for token in self._tokens()},
            expiring=[
                token for token in valid if token.expires is not None and token.expires - now < EXPIRES_SOON
            ],
            silent=[usage for usage in provider.throttle.usage(now) if usage.silent_until is not None],
            faults=provider.faults.reports(),
        )

    def show_style(self, visit: Visit) -> Response:
        return visit.page("look/style.html")

    def _tokens(self) -> Sequence[Token]:
        return tokens.listed(self._provider.database, self._provider.profile.name)

    def _valid_tokens(self) -> list[Token]:
        now = self._provider.clock()
        return [token for token in self._tokens() if token.state(now) is TokenState.VALID]
