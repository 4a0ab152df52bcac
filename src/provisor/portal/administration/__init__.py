"""Settings of the portal itself: who may sign in, what they did, and the mail server."""

from __future__ import annotations

from provisor.look.site import Page
from provisor.portal.administration.acts import Acts
from provisor.portal.administration.administrators import AdministratorPages
from provisor.portal.office import Office

__all__ = ["Acts", "pages"]


def pages(office: Office) -> tuple[Page, ...]:
    """Every page of this part."""
    return AdministratorPages(office).pages()
