"""Attribute mappings and scoping filters of an application: edited as a draft, its effect seen before it is saved."""

from __future__ import annotations

from provisor.look.site import Page
from provisor.portal.mappings.attribute_pages import AttributePages
from provisor.portal.mappings.effect_pages import EffectPages
from provisor.portal.mappings.pages import MappingPages
from provisor.portal.mappings.schema_pages import SchemaPages
from provisor.portal.mappings.scope_pages import ScopePages
from provisor.portal.office import Office


def pages(office: Office) -> tuple[Page, ...]:
    """Every page about mappings; those with a fixed name come before those of an object mapping."""
    parts = (SchemaPages, EffectPages, AttributePages, ScopePages, MappingPages)
    return tuple(page for part in parts for page in part(office).pages())
