"""Settings of the portal itself: who may sign in, what they did, the mail server, and one's own account."""

from __future__ import annotations

from provisor.look.site import Page
from provisor.portal.administration import account
from provisor.portal.administration.acts import Acts
from provisor.portal.administration.administrators import AdministratorPages
from provisor.portal.administration.audit import AuditPages
from provisor.portal.administration.mail import MailPages
from provisor.portal.office import Office

__all__ = ["Acts", "pages"]


def pages(office: Office) -> tuple[Page, ...]:
    """Every page of this part."""
    parts = (AdministratorPages, AuditPages, MailPages)
    return (*(page for part in parts for page in part(office).pages()), *account.PAGES)
