"""The request limits: how much of them each client used, and what they are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.responses import Response

from provisor.look.catalogues import mark as _
from provisor.look.site import Method, Page
from provisor.look.visit import Tone, Visit
from provisor.ringcentral.account import tokens
from provisor.ringcentral.account.settings import Name, StaleSettingError
from provisor.ringcentral.account.throttling import RateGroup, Throttling, Usage
from provisor.ringcentral.console.directory import STALE
from provisor.ringcentral.console.provider import Provider, actor_of

MOST = 1_000_000
GROUPS = (
    (RateGroup.LIGHT, _("Light"), _("Reads and searches.")),
    (RateGroup.HEAVY, _("Heavy"), _("Creating, changing and deleting users.")),
    (RateGroup.AUTH, _("Auth"), _("The OAuth token endpoint.")),
)
DURATIONS = (
    ("window", _("Window"), _("Seconds over which requests are counted.")),
    ("penalty", _("Penalty"), _("Seconds of silence after the limit; any request starts them anew.")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerUsage:
    """What one client used, by group; `description` names its token where it has one."""

    caller: str
    description: str
    groups: Mapping[RateGroup, Usage]


class LimitPages:
    """The meters, and the form that changes the limits."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    def pages(self) -> tuple[Page, ...]:
        return (
            Page(path="/directory/limits", answer=self.show),
            Page(path="/directory/limits", answer=self.store, method=Method.POST),
        )

    def show(self, visit: Visit) -> Response:
        limits = self._provider.settings.current().throttling
        return self._page(visit, _values(limits), {})

    def store(self, visit: Visit) -> Response:
        """Store what the form says; the next request goes by it."""
        form = visit.form
        if not form.has("limited"):
            limits: Throttling | None = None
            problems: dict[str, str] = {}
        else:
            limits, problems = _read(visit)
        if problems:
            return self._page(visit, {**_values(None), **form.values()}, problems, status=422)
        version = form.text("version")
        try:
            self._provider.settings.write(
                Name.THROTTLING,
                limits,
                by=actor_of(visit),
                expected_version=int(version) if version.isdecimal() else None,
            )
        except StaleSettingError:
            visit.say(Tone.WARNING, STALE)
        else:
            visit.say(Tone.SUCCESS, _("The limits are stored; the next request goes by them."))
        return visit.go("/directory/limits")

    def _page(
        self, visit: Visit, values: Mapping[str, str], problems: Mapping[str, str], status: int = 200
    ) -> Response:
        settings = self._provider.settings
        stored = settings.stored().get(Name.THROTTLING)
        return visit.page(
            "console/limits.html",
            status=status,
            limits=settings.current().throttling,
            values=values,
            problems=problems,
            version=stored.version if stored is not None else 0,
            overridden=Name.THROTTLING.value in settings.overridden,
            groups=GROUPS,
            durations=DURATIONS,
            callers=self._callers(),
            most=MOST,
        )

    def _callers(self) -> list[CallerUsage]:
        """Who sent anything in the current window, the fullest first."""
        listed = tokens.listed(self._provider.database, self._provider.profile.name)
        described = {f"token:{token.id}": token.description or token.id for token in listed}
        groups: dict[str, dict[RateGroup, Usage]] = {}
        for usage in self._provider.throttle.usage(self._provider.clock()):
            groups.setdefault(usage.caller, {})[usage.group] = usage
        callers = [
            CallerUsage(caller=caller, description=described.get(caller, caller), groups=of_caller)
            for caller, of_caller in groups.items()
        ]
        return sorted(callers, key=lambda each: max(-u.used for u in each.groups.values()))


def _values(limits: Throttling | None) -> dict[str, str]:
    """What the form shows of limits."""
    shown = limits or Throttling()
    return {
        **({"limited": "yes"} if limits is not None else {}),
        **{group.value: str(shown.limit(group)) for group, _name, _meaning in GROUPS},
        "window": f"{shown.window.total_seconds():g}",
        "penalty": f"{shown.penalty.total_seconds():g}",
    }


def _read(visit: Visit) -> tuple[Throttling, dict[str, str]]:
    """The limits of the form, and what is wrong with it by field."""
    problems: dict[str, str] = {}
    numbers: dict[str, int] = {}
    for name, least in (*((group.value, 1) for group, _n, _m in GROUPS), ("window", 1), ("penalty", 0)):
        text = visit.form.text(name)
        if not text.isascii() or not text.isdigit() or not least <= int(text[:9]) <= MOST:
            problems[name] = visit.text(
                _("Enter a whole number from %(least)d to %(most)d."), least=least, most=MOST
            )
        else:
            numbers[name] = int(text)
    if problems:
        return Throttling(), problems
    window, penalty = (dt.timedelta(seconds=numbers.pop(name)) for name in ("window", "penalty"))
    return Throttling(**numbers, window=window, penalty=penalty), {}
