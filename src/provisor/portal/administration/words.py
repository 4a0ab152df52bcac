"""What the roles of administrators are called, as texts to translate."""

from __future__ import annotations

from provisor.look.catalogues import mark as _
from provisor.look.sign_in.roles import Role

ROLES: dict[Role, str] = {
    Role.READER: _("Reader"),
    Role.APPLICATION_ADMINISTRATOR: _("Application administrator"),
    Role.OWNER: _("Owner"),
}

MAY: dict[Role, str] = {
    Role.READER: _("Sees everything but secrets, and changes nothing."),
    Role.APPLICATION_ADMINISTRATOR: _("Also acts on applications, assignments, plans and the directory."),
    Role.OWNER: _("Also decides who may sign in."),
}
"""What each may do, beside what the ones before may."""
