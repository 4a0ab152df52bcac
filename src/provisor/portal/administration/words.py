"""What the roles of administrators are and their acts are called, as texts to translate."""

from __future__ import annotations

from provisor.core.audit import Activity
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

ACTIVITIES: dict[Activity, str] = {
    Activity.UPDATE_SETTINGS: _("Update provisioning setting or credentials"),
    Activity.START: _("Enable/start provisioning configuration"),
    Activity.PAUSE: _("Disable/pause provisioning configuration"),
    Activity.RESTART: _("Enable/restart provisioning configuration"),
    Activity.RUN: _("Run provisioning cycle"),
    Activity.UPDATE_SCHEMA: _("Update attribute mappings or scope"),
    Activity.QUARANTINE: _("Quarantine"),
    Activity.ADD_APPLICATION: _("Add service principal"),
    Activity.REMOVE_APPLICATION: _("Remove service principal"),
    Activity.ASSIGN_USER: _("Add app role assignment grant to user"),
    Activity.ASSIGN_GROUP: _("Add app role assignment to group"),
    Activity.UNASSIGN_USER: _("Remove app role assignment from user"),
    Activity.UNASSIGN_GROUP: _("Remove app role assignment from group"),
    Activity.APPLY_PLAN: _("Apply plan"),
    Activity.ALLOW_HELD: _("Allow held changes"),
    Activity.REJECT_HELD: _("Reject held changes"),
    Activity.UNDO: _("Take changes back"),
    Activity.PROVISION_ON_DEMAND: _("Provision on demand"),
    Activity.RETRY: _("Retry failed objects"),
    Activity.UPDATE_LINKS: _("Update links"),
    Activity.UPDATE_PROTECTION: _("Update protection from removal"),
    Activity.ADD_ADMINISTRATOR: _("Add administrator"),
    Activity.REMOVE_ADMINISTRATOR: _("Remove administrator"),
    Activity.CHANGE_ADMINISTRATOR_ROLE: _("Change administrator role"),
    Activity.ADD_USER: _("Add user"),
    Activity.UPDATE_USER: _("Update user"),
    Activity.ENABLE_ACCOUNT: _("Enable account"),
    Activity.DISABLE_ACCOUNT: _("Disable account"),
    Activity.DELETE_USER: _("Delete user"),
    Activity.RESTORE_USER: _("Restore user"),
    Activity.HARD_DELETE_USER: _("Hard Delete user"),
    Activity.ADD_GROUP: _("Add group"),
    Activity.UPDATE_GROUP: _("Update group"),
    Activity.DELETE_GROUP: _("Delete group"),
    Activity.RESTORE_GROUP: _("Restore Group"),
    Activity.HARD_DELETE_GROUP: _("Hard Delete group"),
    Activity.ADD_MEMBER: _("Add member to group"),
    Activity.REMOVE_MEMBER: _("Remove member from group"),
}
"""The audit log's words; in English they are the log's own."""
