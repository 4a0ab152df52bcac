"""The portal as an ASGI application, put together of its parts."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route

from provisor.core.objects import ObjectType
from provisor.look.catalogues import mark as _
from provisor.look.pages import NavigationEntry, NavigationGroup
from provisor.look.sign_in import pages as sign_in_pages
from provisor.look.sign_in.entrance import Entrance
from provisor.look.site import Room, Site
from provisor.portal import administration, mappings, reasons, tabs, words
from provisor.portal.applications.assignments import AssignmentPages
from provisor.portal.applications.pages import ApplicationsPages
from provisor.portal.directory.editing import EditingPages
from provisor.portal.directory.members import MemberPages
from provisor.portal.directory.pages import DirectoryPages
from provisor.portal.logs.pages import LogPages
from provisor.portal.office import Office
from provisor.portal.overview.pages import OverviewPages
from provisor.portal.people.on_demand import OnDemandPages
from provisor.portal.people.pages import PeoplePages
from provisor.portal.plans.pages import PlanPages
from provisor.portal.provisioning.pages import ProvisioningPages

PREFIX = "/portal"

PACKAGES = (
    "provisor.portal",
    "provisor.portal.overview",
    "provisor.portal.applications",
    "provisor.portal.directory",
    "provisor.portal.logs",
    "provisor.portal.people",
    "provisor.portal.plans",
    "provisor.portal.provisioning",
    "provisor.portal.mappings",
    "provisor.portal.administration",
)
"""Each with templates and texts of its own."""

NAVIGATION = (
    NavigationGroup(
        title="",
        entries=(
            NavigationEntry(path="/", label=_("Overview"), icon="overview"),
            NavigationEntry(path="/applications", label=_("Enterprise applications"), icon="applications"),
        ),
    ),
    NavigationGroup(
        title=_("Directory"),
        entries=(
            NavigationEntry(path="/directory/users", label=_("Users"), icon="users"),
            NavigationEntry(path="/directory/groups", label=_("Groups"), icon="directory"),
            NavigationEntry(path="/directory/sources", label=_("Sources"), icon="download"),
        ),
    ),
    NavigationGroup(
        title=_("Settings"),
        entries=(
            NavigationEntry(path="/administration/administrators", label=_("Administrators"), icon="key"),
            NavigationEntry(path="/administration/audit", label=_("Audit log"), icon="log"),
            NavigationEntry(path="/administration/mail", label=_("Mail"), icon="mail"),
            NavigationEntry(path="/account", label=_("Your account"), icon="seat"),
        ),
    ),
)


def portal_site(office: Office, entrance: Entrance) -> Site:
    """Every page of the portal."""
    room = Room(
        name="Provisor",
        subtitle=_("Provisioning"),
        invitation_command="provisor portal link",
        cookie_prefix="provisor_portal",
        packages=PACKAGES,
        pages=(
            *sign_in_pages.PAGES,
            *OverviewPages(office).pages(),
            *ApplicationsPages(office).pages(),
            *AssignmentPages(office).pages(),
            *(page for kind in ObjectType for page in EditingPages(office, kind).pages()),
            *MemberPages(office).pages(),
            *DirectoryPages(office).pages(),
            *LogPages(office).pages(),
            *OnDemandPages(office).pages(),
            *PeoplePages(office).pages(),
            *PlanPages(office).pages(),
            *ProvisioningPages(office).pages(),
            *mappings.pages(office),
            *administration.pages(office),
        ),
        navigation=NAVIGATION,
        styles=("portal.css", "mappings.css"),
        context={"reasons": reasons, "tabs": tabs, "words": words},
        welcomed=administration.Acts(office).note_welcome,
    )
    return Site(prefix=PREFIX, room=room, entrance=entrance, clock=office.now)


def routes(office: Office, entrance: Entrance) -> list[BaseRoute]:
    """What serves the portal, and leads to it from the root."""

    async def to_portal(_request: Request) -> Response:
        return RedirectResponse(f"{PREFIX}/")

    return [
        Route("/", to_portal),
        Route(PREFIX, to_portal),
        Mount(PREFIX, app=portal_site(office, entrance).application()),
    ]
