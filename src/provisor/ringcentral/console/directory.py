"""Tools, Directory Integration: which directory the account takes people from, and switching its SCIM service."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from starlette.responses import Response

from provisor.look.catalogues import mark as _
from provisor.look.site import Method, Page
from provisor.look.visit import Tone, Visit
from provisor.ringcentral.account.settings import DirectoryProvider, Name, ScimService, StaleSettingError
from provisor.ringcentral.console import duplicates, spreadsheets
from provisor.ringcentral.console.provider import Provider, actor_of

STALE = _("Somebody else changed this meanwhile. Nothing was written; look at it again.")


class Offer(Enum):
    """Whether a directory can be chosen here."""

    AVAILABLE = "available"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A directory an account could take its people from."""

    value: str
    name: str
    meaning: str
    offer: Offer = Offer.UNAVAILABLE


CHOICES = (
    Choice(
        value=DirectoryProvider.SCIM.value,
        name=_("SCIM"),
        meaning=_("Any directory that speaks SCIM 2.0: Provisor, Entra ID, OneLogin, JumpCloud …"),
        offer=Offer.AVAILABLE,
    ),
    Choice(
        value=DirectoryProvider.NONE.value,
        name=_("None"),
        meaning=_("People are added and removed by hand."),
        offer=Offer.AVAILABLE,
    ),
    Choice(
        value=DirectoryProvider.GOOGLE.value,
        name=_("Google Cloud Directory"),
        meaning=_("A connector of the real account; not part of this service provider."),
    ),
    Choice(
        value=DirectoryProvider.OKTA.value,
        name=_("Okta"),
        meaning=_("A connector of the real account; not part of this service provider."),
    ),
    Choice(
        value="active-directory",
        name=_("Active Directory"),
        meaning=_("Reached through Okta's agent in the real account; not part of this service provider."),
    ),
)


class DirectoryPages:
    """Choosing the directory, looking for duplicate e-mails, enabling and disabling the SCIM service."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    def pages(self) -> tuple[Page, ...]:
        return (
            Page(path="/directory", answer=self.show),
            Page(path="/directory/provider", answer=self.choose, method=Method.POST),
            Page(path="/directory/duplicates", answer=self.show_duplicates),
            Page(path="/directory/duplicates.csv", answer=self.download_duplicates),
            Page(path="/directory/enable", answer=self.confirm_enabling),
            Page(path="/directory/enable", answer=self.enable, method=Method.POST),
            Page(path="/directory/disable", answer=self.confirm_disabling),
            Page(path="/directory/disable", answer=self.disable, method=Method.POST),
        )

    def show(self, visit: Visit) -> Response:
        settings = self._provider.settings
        return visit.page(
            "console/directory.html",
            choices=CHOICES,
            available=Offer.AVAILABLE,
            settings=settings.current(),
            stored=settings.stored().get(Name.SCIM_SERVICE),
            overridden=settings.overridden,
            is_enabled=settings.current().scim_service is ScimService.ENABLED,
            base_url=f"{visit.origin}{self._provider.scim_path}",
        )

    def choose(self, visit: Visit) -> Response:
        """Store the directory, unless the SCIM service runs: then it has to be disabled first."""
        settings = self._provider.settings
        wanted = visit.form.text("provider")
        offered = {choice.value for choice in CHOICES if choice.offer is Offer.AVAILABLE}
        if settings.current().scim_service is ScimService.ENABLED:
            visit.say(Tone.WARNING, _("Disable the SCIM service before you choose another directory."))
        elif wanted not in offered:
            visit.say(Tone.WARNING, _("This directory is not available here. Nothing was changed."))
        else:
            settings.write(Name.DIRECTORY_PROVIDER, DirectoryProvider(wanted), by=actor_of(visit))
            visit.say(Tone.SUCCESS, _("The directory was chosen."))
        return visit.go("/directory")

    def show_duplicates(self, visit: Visit) -> Response:
        found = duplicates.find(self._provider.database, limit=duplicates.MOST_SHOWN + 1)
        return visit.page(
            "console/duplicates.html", found=found[: duplicates.MOST_SHOWN], most=duplicates.MOST_SHOWN,
            is_cut=len(found) > duplicates.MOST_SHOWN,
        )  # fmt: skip

    def download_duplicates(self, visit: Visit) -> Response:
        header = [visit.text(each) for each in (_("E-mail"), _("User id"), _("User name"), _("Name"))]
        found = duplicates.find(self._provider.database)
        return spreadsheets.download(
            "duplicate-emails", header, ((each.email, each.id, each.user_name, each.name) for each in found)
        )

    def confirm_enabling(self, visit: Visit) -> Response:
        """The question, after the scan; with duplicates the answer would be no, so their list is shown instead."""
        if duplicates.find(self._provider.database, limit=1):
            return visit.go("/directory/duplicates", enabling="yes")
        return visit.page("console/directory_enable.html")

    def enable(self, visit: Visit) -> Response:
        if duplicates.find(self._provider.database, limit=1):
            return visit.go("/directory/duplicates", enabling="yes")
        if self._provider.settings.current().directory_provider is DirectoryProvider.NONE:
            self._provider.settings.write(Name.DIRECTORY_PROVIDER, DirectoryProvider.SCIM, by=actor_of(visit))
        self._switch(visit, ScimService.ENABLED, _("The SCIM service is enabled. Create a SCIM token next."))
        return visit.go("/directory")

    def confirm_disabling(self, visit: Visit) -> Response:
        return visit.page("console/directory_disable.html")

    def disable(self, visit: Visit) -> Response:
        self._switch(
            visit, ScimService.DISABLED, _("The SCIM service is disabled; every request is refused.")
        )
        return visit.go("/directory")

    def _switch(self, visit: Visit, to: ScimService, told: str) -> None:
        try:
            self._provider.settings.write(Name.SCIM_SERVICE, to, by=actor_of(visit))
        except StaleSettingError:
            visit.say(Tone.WARNING, STALE)
        else:
            visit.say(Tone.SUCCESS, told)
