"""The functions of the mapping language, one module a family."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from provisor.core.expressions.functions import (
    converting,
    dates,
    flow,
    lists,
    logic,
    replacing,
    roles,
    searching,
    surroundings,
    text,
    trimming,
)
from provisor.core.expressions.signatures import Function

FAMILIES: Mapping[str, tuple[Function, ...]] = MappingProxyType(
    {
        "Text": (*text.FUNCTIONS, *searching.FUNCTIONS, *replacing.FUNCTIONS, *trimming.FUNCTIONS),
        "Logic": logic.FUNCTIONS,
        "Flow": flow.FUNCTIONS,
        "Lists": lists.FUNCTIONS,
        "Dates": dates.FUNCTIONS,
        "Conversion": converting.FUNCTIONS,
        "Roles": roles.FUNCTIONS,
        "Time, chance and tenant": surroundings.FUNCTIONS,
    },
)
"""The functions by what they are for."""

FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {function.name: function for family in FAMILIES.values() for function in family},
)
"""Every function by its name; names are case-sensitive."""
