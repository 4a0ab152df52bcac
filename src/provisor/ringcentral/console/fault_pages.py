"""Faults on demand: those in force with what they struck, and the editor."""

from __future__ import annotations

from starlette.responses import Response

from provisor.look.catalogues import mark as _
from provisor.look.site import Method, Page
from provisor.look.visit import Tone, Visit
from provisor.ringcentral.account.settings import Name, StaleSettingError
from provisor.ringcentral.console.directory import STALE
from provisor.ringcentral.console.provider import Provider, actor_of
from provisor.ringcentral.faults import scripts
from provisor.ringcentral.faults.scripts import FaultScriptError
from provisor.ringcentral.faults.stored import StoredFaultBoard

LONGEST_SCRIPT = 20_000

EXAMPLES = (
    ("429 on writes, every 20 requests, penalty 60 s", _("Does the client wait as long as it is told to?")),
    ("503 on POST /Users, 10% of requests, retry-after 5", _("Does it try again, and not for ever?")),
    ("drop after commit on POST, every 10 requests", _("Does it find whom it created without an answer?")),
    ("delay visibility by 5 s", _("Does it create nobody twice who cannot be found yet?")),
    ("shrink page to 2 on reads", _("Does it read on when pages are shorter than asked for?")),
    ("wrong total of 0 on reads", _("Does it remove nobody because a total is wrong?")),
    ("ignore patch, 5% of requests", _("Does it notice what was not written?")),
    ("slow headers by 10 s, 5% of requests", _("Does it give up in time, and no sooner?")),
    ("expired token, request 20, 3 times", _("Does it fetch a new token once?")),
    ("html page, 2% of requests", _("Does it take a web page for a success?")),
)
"""Faults to start with, and what each asks of a client."""


class FaultPages:
    """The faults of this service provider."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    def pages(self) -> tuple[Page, ...]:
        return (
            Page(path="/faults", answer=self.show),
            Page(path="/faults", answer=self.store, method=Method.POST),
            Page(path="/faults/add", answer=self.add, method=Method.POST),
            Page(path="/faults/clear", answer=self.clear, method=Method.POST),
        )

    def show(self, visit: Visit) -> Response:
        return self._page(visit, self._text())

    def store(self, visit: Visit) -> Response:
        """Store what the editor holds, unless it cannot be understood."""
        return self._take(visit, visit.form.exact("script"))

    def add(self, visit: Visit) -> Response:
        """Add one line, such as an example."""
        return self._take(visit, "\n".join(filter(None, (self._text(), visit.form.text("fault")))))

    def clear(self, visit: Visit) -> Response:
        return self._take(visit, "")

    def _take(self, visit: Visit, text: str) -> Response:
        try:
            script = scripts.of_lines(text[:LONGEST_SCRIPT], "the editor")
        except FaultScriptError as error:
            return self._page(visit, text, problem=str(error), status=422)
        self._write(visit, scripts.lines(script))
        return visit.go("/faults")

    def _write(self, visit: Visit, text: str) -> None:
        version = visit.form.text("version")
        try:
            self._provider.settings.write(
                Name.FAULTS,
                text,
                by=actor_of(visit),
                expected_version=int(version) if version.isdecimal() else None,
            )
        except StaleSettingError:
            visit.say(Tone.WARNING, STALE)
            return
        told = _("The faults are stored; the next request meets them.") if text else _("No faults any more.")
        visit.say(Tone.SUCCESS, told)

    def _text(self) -> str:
        stored = self._provider.settings.stored().get(Name.FAULTS)
        return str(stored.value) if stored is not None else ""

    def _page(self, visit: Visit, text: str, *, problem: str = "", status: int = 200) -> Response:
        board = self._provider.faults
        stored = self._provider.settings.stored().get(Name.FAULTS)
        return visit.page(
            "console/faults.html",
            status=status,
            reports=board.reports(),
            script=text,
            problem=problem,
            examples=EXAMPLES,
            is_editable=isinstance(board, StoredFaultBoard),
            version=stored.version if stored is not None else 0,
        )
