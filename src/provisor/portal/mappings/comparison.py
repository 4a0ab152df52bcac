"""What a draft says differently, as lines that a person reads."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from provisor.core import schema, schema_editing, scoping_filters
from provisor.core.attribute_mapping import AttributeMapping, FlowType
from provisor.core.objects import ObjectType
from provisor.core.schema import ObjectMapping
from provisor.look.catalogues import mark as _
from provisor.portal.mappings import vocabulary

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that becomes another: of which object mapping and target attribute (empty for the mapping itself).

    `label` and, where `is_text` says so, the values are texts to translate. A value is None where there was nothing.
    """

    kind: str
    target: str
    label: str
    before: str | None
    after: str | None
    is_text: bool = False


def differences(before: Document, after: Document) -> Sequence[Difference]:
    """Everything that two schemas, both of which could be saved, say differently."""
    old, new = schema.parse(before), schema.parse(after)
    found = [
        difference
        for kind in ObjectType
        for difference in _of_mapping(
            kind.value, old.object_mappings.get(kind), new.object_mappings.get(kind)
        )
    ]
    if _rest(before) != _rest(after):
        found.append(
            Difference(
                kind="", target="", label=_("Attribute lists and other parts"),
                before=_("as saved"), after=_("changed"), is_text=True,
            )
        )  # fmt: skip
    return found


def _of_mapping(kind: str, old: ObjectMapping | None, new: ObjectMapping | None) -> Iterator[Difference]:
    for label, told, is_text in (
        (_("Enabled"), _enabled, True),
        (_("Target Object Actions"), _actions, False),
        (_("Source Object Scope"), _scope, False),
        (_("Input filter"), _input, False),
    ):
        before, after = told(old), told(new)
        if before != after:
            yield Difference(kind=kind, target="", label=label, before=before, after=after, is_text=is_text)
    olds = {item.target.name: item for item in old.attribute_mappings} if old else {}
    news = {item.target.name: item for item in new.attribute_mappings} if new else {}
    for target in {**olds, **news}:
        yield from _of_attribute(kind, target, olds.get(target), news.get(target))


def _of_attribute(
    kind: str, target: str, old: AttributeMapping | None, new: AttributeMapping | None
) -> Iterator[Difference]:
    if old is None or new is None:
        yield Difference(
            kind=kind,
            target=target,
            label=_("Mapping"),
            before=None if old is None else _source(old),
            after=None if new is None else _source(new),
        )
        return
    for label, told, is_text in (
        (_("Source"), _source, False),
        (_("Default value"), _default, False),
        (_("Applies"), _applies, True),
        (_("Matching precedence"), _precedence, False),
        (_("Null values flow"), _clears, True),
        (_("Sent although equal"), _resent, True),
    ):
        before, after = told(old), told(new)
        if before != after:
            yield Difference(
                kind=kind, target=target, label=label, before=before, after=after, is_text=is_text
            )


_YES, _NO = _("Yes"), _("No")


def _enabled(item: ObjectMapping | None) -> str | None:
    return None if item is None else (_YES if item.enabled else _NO)


def _actions(item: ObjectMapping | None) -> str | None:
    return None if item is None else ", ".join(sorted(item.actions)) or None


def _scope(item: ObjectMapping | None) -> str | None:
    return scoping_filters.text_of(item.scope.groups) or None if item else None


def _input(item: ObjectMapping | None) -> str | None:
    return scoping_filters.text_of(item.scope.input_groups) or None if item else None


def _source(item: AttributeMapping) -> str | None:
    return item.expression.text if item.expression else None


def _default(item: AttributeMapping) -> str | None:
    return item.default_value or None


def _applies(item: AttributeMapping) -> str | None:
    return vocabulary.FLOW_TYPES[FlowType(item.flow_type)]


def _precedence(item: AttributeMapping) -> str | None:
    return str(item.matching_priority) if item.matching_priority else None


def _clears(item: AttributeMapping) -> str | None:
    return _YES if item.flow_null_values else _NO


def _resent(item: AttributeMapping) -> str | None:
    return _YES if item.flow_behavior == "FlowAlways" else _NO


def _rest(document: Document) -> Document:
    """The document without what the lines tell."""
    rest = copy.deepcopy(dict(document))
    for kind in schema_editing.object_types(rest):
        item: Any = schema_editing.mapping_of(rest, kind)
        for key in ("attributeMappings", "enabled", "flowTypes", "scope"):
            item.pop(key, None)
    return rest
