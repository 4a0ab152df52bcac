"""The tabs of an application: every page about one shows the same ones, in the original product's order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from provisor.core.application import Application
from provisor.look.catalogues import mark as _


@dataclass(frozen=True, slots=True)
class Tab:
    """A page about one application: where it is below the application's address, and what it is called."""

    place: str
    label: str


TABS: Sequence[Tab] = (
    Tab("", _("Overview")),
    Tab("users-and-groups", _("Users and groups")),
    Tab("provisioning", _("Provisioning")),
    Tab("mappings", _("Mappings")),
    Tab("plan", _("Plan")),
    Tab("logs", _("Provisioning logs")),
    Tab("on-demand", _("Provision on demand")),
    Tab("properties", _("Properties")),
)


def address(application: Application, place: str = "") -> str:
    """Where a page about an application is, below the portal's prefix."""
    root = f"/applications/{application.id}"
    return f"{root}/{place}" if place else root
