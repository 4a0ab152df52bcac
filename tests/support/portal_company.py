"""A company behind a portal: people in the directory, and RingCentral as its application, over real HTTP."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import UTC, datetime

from provisor.core import objects, plan
from provisor.core.job import Retries
from provisor.engine import applications, cycle
from provisor.ringcentral import background

NOW = datetime(2026, 11, 24, tzinfo=UTC)


def person(anchor, name, **attributes):
    """Somebody as a source describes them."""
    enabled = attributes.pop("account_enabled", True)
    given, _, surname = name.partition(" ")
    return objects.ImportedObject(
        object_type=objects.ObjectType.USER,
        anchor=anchor,
        account_enabled=enabled,
        attributes={
            "displayName": name,
            "givenName": given,
            "surname": surname or given,
            "userPrincipalName": f"{anchor}@example.com",
            **attributes,
        },
    )


class Company:
    """What a test does behind the portal's back."""

    def __init__(self, portal, provider):
        self.portal, self.provider = portal, provider
        self.services = portal.services
        template = next(item for item in portal.office.gallery if item.id == "ringcentral")
        self.application = applications.add(
            self.services.store,
            template,
            "RingCentral",
            clock=self.services.clock,
            new_id=self.services.new_id,
        )
        applications.enter_credentials(
            self.services.store, self.application, provider.base_url, provider.token
        )

    @property
    def address(self):
        """Where the pages about the application are, below the portal's prefix."""
        return f"/applications/{self.application.id}"

    def employ(self, *people):
        """Put people into the directory, or change them."""
        with self.services.store.write() as unit:
            unit.directory.save("hr", people, NOW)

    def object(self, anchor):
        with self.services.store.read() as unit:
            return unit.directory.named(objects.ObjectType.USER, f"{anchor}@example.com")[0]

    def assign(self, *anchors, role="Standard"):
        with self.services.store.read() as unit:
            found = applications.find(unit, self.application.id)
        for anchor in anchors:
            applications.assign(
                self.services.store,
                found,
                self.object(anchor),
                role,
                clock=self.services.clock,
                new_id=self.services.new_id,
            )

    def run(self):
        """One cycle."""
        return asyncio.run(
            cycle.run(
                self.services,
                self.application.id,
                origin=plan.Origin.PERSON,
                retries=Retries.ALL,
                progress=lambda *_: None,
            )
        )


@contextlib.contextmanager
def company(portal, folder, *, seats=50):
    """A company whose application is a running service provider that behaves like RingCentral's."""
    with background.running_provider(
        database_url=f"sqlite:///{folder}/ringcentral.db", profile="ringcentral", seats=seats
    ) as provider:
        yield Company(portal, provider)
