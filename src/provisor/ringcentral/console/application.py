"""The console as an ASGI application, put together."""

from __future__ import annotations

from dataclasses import replace

from starlette.applications import Starlette

from provisor.look.catalogues import mark as _
from provisor.look.pages import NavigationEntry, NavigationGroup
from provisor.look.sign_in import pages as sign_in_pages
from provisor.look.sign_in.entrance import Entrance
from provisor.look.sign_in.roles import Role
from provisor.look.site import Method, Page, Room, Site
from provisor.ringcentral.console.directory import DirectoryPages
from provisor.ringcentral.console.fault_pages import FaultPages
from provisor.ringcentral.console.knob_pages import KnobPages
from provisor.ringcentral.console.limits import LimitPages
from provisor.ringcentral.console.log_pages import LogPages
from provisor.ringcentral.console.overview import OverviewPages
from provisor.ringcentral.console.provider import Provider, Transactions
from provisor.ringcentral.console.scim_tokens import TokenPages
from provisor.ringcentral.console.seat_pages import SeatPages
from provisor.ringcentral.console.user_pages import UserPages
from provisor.ringcentral.storage import tables
from provisor.ringcentral.storage.database import Database
from provisor.ringcentral.storage.sql_storage import Clock

PREFIX = "/admin"

NAVIGATION = (
    NavigationGroup(title="", entries=(NavigationEntry(path="/", label=_("Overview"), icon="overview"),)),
    NavigationGroup(
        title=_("Account"),
        entries=(
            NavigationEntry(path="/users", label=_("Users"), icon="users"),
            NavigationEntry(path="/seats", label=_("Seats and licences"), icon="seat"),
        ),
    ),
    NavigationGroup(
        title=_("Tools"),
        entries=(
            NavigationEntry(path="/directory", label=_("Directory Integration"), icon="directory"),
            NavigationEntry(path="/log", label=_("Request log"), icon="log"),
        ),
    ),
    NavigationGroup(
        title=_("Simulation"),
        entries=(
            NavigationEntry(path="/knobs", label=_("Knobs"), icon="knobs"),
            NavigationEntry(path="/faults", label=_("Faults"), icon="fault"),
        ),
    ),
)


def entrance(database: Database, clock: Clock) -> Entrance:
    """Who may enter the console of a database's provider."""
    return Entrance(Transactions(database), tables.sign_in, clock)


def _navigation(provider: Provider) -> tuple[NavigationGroup, ...]:
    """The navigation, without seats where users need none."""
    if provider.account is not None:
        return NAVIGATION
    return tuple(
        replace(group, entries=tuple(each for each in group.entries if each.path != "/seats"))
        for group in NAVIGATION
    )


def _pages(provider: Provider) -> tuple[Page, ...]:
    rooms = (
        OverviewPages(provider),
        UserPages(provider),
        SeatPages(provider),
        DirectoryPages(provider),
        TokenPages(provider),
        LimitPages(provider),
        KnobPages(provider),
        LogPages(provider),
        FaultPages(provider),
    )
    own = (page for room in rooms for page in room.pages())
    return (*sign_in_pages.PAGES, *map(_for_whom_it_is, own))


def _for_whom_it_is(page: Page) -> Page:
    """A page with the role it takes: whoever only reads sees everything and changes nothing."""
    if page.method is Method.POST:
        return replace(page, role=Role.APPLICATION_ADMINISTRATOR)
    return page


def console_site(provider: Provider) -> Site:
    """Every page of the console."""
    room = Room(
        name=_("RingCentral profile"),
        subtitle=_("Admin console"),
        invitation_command="provisor ringcentral admin-link",
        cookie_prefix="provisor_ringcentral",
        packages=("provisor.ringcentral.console",),
        pages=_pages(provider),
        navigation=_navigation(provider),
        context={"provider": provider},
    )
    return Site(
        prefix=PREFIX, room=room, entrance=entrance(provider.database, provider.clock), clock=provider.clock
    )


def create_console(provider: Provider) -> Starlette:
    """The application to mount at `PREFIX`."""
    site = console_site(provider)
    application = site.application()
    application.state.site = site
    return application
