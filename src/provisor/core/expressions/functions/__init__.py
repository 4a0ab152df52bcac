"""The functions of the mapping language, one module a family."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from provisor.core.expressions.functions import flow, logic, roles, text
from provisor.core.expressions.signatures import Function

FUNCTIONS: Mapping[str, Function] = MappingProxyType(
    {
        function.name: function
        for family in (text.FUNCTIONS, logic.FUNCTIONS, flow.FUNCTIONS, roles.FUNCTIONS)
        for function in family
    },
)
"""Every function by its name; names are case-sensitive."""
