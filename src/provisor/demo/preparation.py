"""What an administrator sets up once: a company in the directory, an application, who is assigned, the connection."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from provisor import gallery
from provisor.core import assignments, objects
from provisor.core.application import Application
from provisor.demo import company, company_lore, telling
from provisor.demo.presentation import Stage
from provisor.demo.scene import READS_PER_MINUTE, WRITES_PER_MINUTE, Limits, Scene
from provisor.engine import application_settings, applications, importing
from provisor.ports.source import Completeness
from provisor.sources.csv_folder import CsvFolder

APPLICATION = "RingCentral"
"""The application's name in Provisor."""

SOURCE = "company"
"""The name of the company's files as a source of the directory."""

_REGIONS = ("France", "Amérique du Nord")
_MAPPINGS_SHOWN = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """A group of the company and the role it is assigned with; without one it is Default Access."""

    group: str
    role: str | None


def introduce_ringcentral(scene: Scene, stage: Stage) -> None:
    """Show the service provider that runs already, and its token, masked."""
    stage.step(
        "Open a RingCentral account",
        "A RingCentral-profile SCIM service starts on this machine. In its console the administrator creates a SCIM "
        "token, which is shown once.",
    )
    budget = f"{READS_PER_MINUTE} reads and {WRITES_PER_MINUTE:,} writes a minute"
    limits = {
        Limits.LIFTED: f"lifted on both ends; --throttled puts back {budget}",
        Limits.IN_FORCE: f"{budget}, on both ends",
    }
    stage.facts(
        [
            ("Tenant URL", scene.provider.base_url),
            ("SCIM token", f"••••••••••••{scene.provider.token[-4:]}"),
            ("Throttling", limits[scene.choices.limits]),
        ]
    )


def load(scene: Scene, stage: Stage, employer: company.Company) -> None:
    """Write the company's files and import them."""
    stage.step(
        f"Load the company: {company_lore.organisation().company}",
        "The administrator imports users.csv, groups.csv and memberships.csv as full files: whoever is in them is in "
        "the directory, and whoever is missing from a later one will have left.",
    )
    employer.write(scene.csv_folder)
    summary = import_files(scene)
    with scene.services.store.read() as unit:
        users = unit.directory.count(objects.ObjectType.USER)
        groups = unit.directory.count(objects.ObjectType.GROUP)
    stage.result(f"{users:,} users, {groups:,} groups and {summary.memberships_added:,} memberships imported")


def import_files(scene: Scene) -> importing.ImportSummary:
    """Bring the directory in line with the company's files as they are now. Raises `InvalidInputError`."""
    return importing.import_source(
        scene.services.store,
        CsvFolder(name=SOURCE, folder=scene.csv_folder, completeness=Completeness.COMPLETE),
        clock=scene.services.clock,
        new_id=scene.services.new_id,
        progress=lambda _taken: None,
    )


def add_application(scene: Scene, stage: Stage) -> Application:
    """RingCentral from the gallery, with the settings of the demonstration."""
    template = gallery.template("ringcentral")
    stage.step(
        "Add RingCentral from the gallery",
        "The template brings roles, limits and the attribute mapping. The administrator keeps all of it.",
    )
    lines = telling.mapping_lines(template.schema)
    stage.table(("RingCentral attribute", "is made from"), lines[:_MAPPINGS_SHOWN])
    application = applications.add(
        scene.services.store,
        template,
        APPLICATION,
        clock=scene.services.clock,
        new_id=scene.services.new_id,
    )
    roles = ", ".join(role.display_name for role in template.roles)
    stage.result(
        f"{len(lines)} attributes mapped ({len(lines) - _MAPPINGS_SHOWN} more than shown); roles: {roles}"
    )
    return _choose_settings(scene, application)


def _choose_settings(scene: Scene, application: Application) -> Application:
    settings = replace(application.settings, role_reach=assignments.RoleReach.EFFECTIVE)
    if scene.choices.limits is Limits.LIFTED:
        for key in ("readsPerMinute", "writesPerMinute"):
            settings = application_settings.with_setting(settings, key, "unlimited")
    applications.change_settings(scene.services.store, application, settings)
    return _fresh(scene)


def _fresh(scene: Scene) -> Application:
    with scene.services.store.read() as unit:
        return applications.find(unit, APPLICATION)


def assign(
    scene: Scene, stage: Stage, application: Application, employer: company.Company
) -> tuple[Grant, ...]:
    """Assign groups of the company, one of them with Default Access; tell who was assigned."""
    stage.step(
        "Assign groups",
        "The administrator assigns groups with a role, and lets a role reach the members of nested groups too "
        "(Entra reaches direct members only; here it is a choice for each application).",
    )
    grants = _grants(employer)
    rows = []
    with scene.services.store.read() as unit:
        subjects = [applications.principal(unit, objects.ObjectType.GROUP, each.group) for each in grants]
    for grant, subject in zip(grants, subjects, strict=True):
        applications.assign(
            scene.services.store,
            application,
            subject,
            grant.role,
            clock=scene.services.clock,
            new_id=scene.services.new_id,
        )
        rows.append((grant.group, grant.role or "Default Access"))
    stage.table(("Group", "Role"), rows)
    stage.say(
        "Default Access is no role of RingCentral's. Whoever has nothing else is assigned and still not "
        "provisioned; the plan will say so."
    )
    return grants


def _grants(employer: company.Company) -> tuple[Grant, ...]:
    """The assignments: two regions with nested sites, the groups made for RingCentral, and the last project."""
    organisation = company_lore.organisation()
    standard, premium, meetings, administrators, *_ = organisation.roles
    return (
        *(Grant(group=organisation.region_prefix + region, role="Standard") for region in _REGIONS),
        Grant(group=standard.name, role="Standard"),
        Grant(group=employer.groups[-1].display_name, role="Standard"),
        Grant(group=premium.name, role="Manager"),
        Grant(group=administrators.name, role="User Admin"),
        Grant(group=meetings.name, role=None),
    )


def connect(scene: Scene, stage: Stage, application: Application) -> Application:
    """The application with its credentials, tested. Raises `TargetError` where the test fails."""
    stage.step(
        "Connect",
        "The administrator enters the tenant URL and the SCIM token, which is kept encrypted, and tests the connection.",
    )
    applications.enter_credentials(
        scene.services.store, application, scene.provider.base_url, scene.provider.token
    )
    application = _fresh(scene)
    asyncio.run(_test_connection(scene, application))
    stage.result("RingCentral answers, accepts the token, and finds nobody by a user name that cannot exist")
    return application


async def _test_connection(scene: Scene, application: Application) -> None:
    target = scene.services.open_target(application, scene.provider.token)
    try:
        await target.test_connection(objects.ObjectType.USER, "userName")
    finally:
        await target.aclose()
