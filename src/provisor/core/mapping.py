"""From an object of the directory to the attributes its account shall have.

A mapping is compiled once for a cycle; evaluating it for an object is a walk over plain closures.
Source: Entra, *Customize user provisioning attribute-mappings*.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from provisor.core import expressions, flows, role_flows, schema
from provisor.core.assignments import AppRole
from provisor.core.attribute_mapping import AttributeMapping, AttributeType
from provisor.core.changes import Written
from provisor.core.differences import Manner, Rules
from provisor.core.errors import ErrorCode
from provisor.core.flows import DROPPED, IS_SOFT_DELETED, Flow, MappingError, Occasion, value_of
from provisor.core.objects import DirectoryObject, Value
from provisor.core.role_flows import APP_ROLE_ASSIGNMENTS

MEMBERS = "members"
MANAGER = "manager"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceFlow:
    """A reference attribute: `source` is `manager` or `members`, `target` its SCIM path."""

    source: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledMapping:
    """An object mapping, ready to be evaluated.

    `filters` are mappings that only say whether the object is provisioned at all, `redacted` the paths whose values
    nobody is shown.
    """

    actions: frozenset[schema.TargetAction]
    always: tuple[Flow, ...]
    on_create: tuple[Flow, ...]
    matching: tuple[Flow, ...]
    filters: tuple[Flow, ...]
    references: tuple[ReferenceFlow, ...]
    rules: Rules
    redacted: frozenset[str]
    reads_roles: bool

    @property
    def tells_deletion(self) -> bool:
        """Whether some attribute is made from `IsSoftDeleted`, so that an account can be disabled at all."""
        return any(flow.tells_deletion for flow in self.always)

    @property
    def redacted_sources(self) -> frozenset[str]:
        """Source attributes that redacted values are made from."""
        return frozenset(
            name for flow in (*self.on_create, *self.filters) if flow.redacted for name in flow.reads
        )

    @property
    def target_attributes(self) -> frozenset[str]:
        """Top-level names of the attributes written by updates."""
        return frozenset(flow.path.split("[")[0].split(".")[0] for flow in self.always)

    def reference(self, source: str) -> ReferenceFlow | None:
        """The reference flow from `manager` or `members`, if mapped."""
        return next((flow for flow in self.references if flow.source == source), None)


def compile_mapping(mapping: schema.ObjectMapping, roles: Sequence[AppRole] = ()) -> CompiledMapping:
    """Prepare an object mapping for evaluation, in an application that declares these roles."""
    plain = [item for item in mapping.attribute_mappings if item.reference_source is None]
    made = [flows.compiled(item, roles) for item in plain]
    implied = role_flows.implied_type(plain)
    if implied is not None:
        made.append(_implied(*implied, roles))
    read = {name for item in plain if item.expression for name in item.expression.attributes}
    written = tuple(flow for flow in made if flow.occasion is not Occasion.FILTER)
    matching = (flow for flow in written if flow.matching_priority > 0)
    return CompiledMapping(
        actions=mapping.actions,
        always=tuple(flow for flow in written if flow.occasion is Occasion.ALWAYS and _writes(flow)),
        on_create=written,
        matching=tuple(sorted(matching, key=lambda flow: flow.matching_priority)),
        filters=tuple(flow for flow in made if flow.occasion is Occasion.FILTER),
        references=tuple(
            ReferenceFlow(source=item.reference_source, target=item.target.name)
            for item in mapping.attribute_mappings
            if item.reference_source is not None
        ),
        rules=_rules(written),
        redacted=frozenset(flow.path for flow in written if flow.redacted),
        reads_roles=APP_ROLE_ASSIGNMENTS in read,
    )


def source_attributes(
    subject: DirectoryObject,
    *,
    soft_deleted: bool,
    roles: Sequence[str],
    circumstances: expressions.Circumstances | None = None,
) -> dict[str, Value]:
    """What expressions see of an object: its attributes, the computed ones, and the circumstances of the evaluation.

    A guest's `userPrincipalName` (`alias_domain#EXT#@tenant`) reads `alias@domain`; `originalUserPrincipalName`
    keeps it as it is stored.
    """
    view = dict(subject.attributes)
    view[IS_SOFT_DELETED] = soft_deleted
    view[APP_ROLE_ASSIGNMENTS] = tuple(roles)
    view["accountEnabled"] = subject.account_enabled
    view.setdefault("objectId", subject.id)
    principal = view.get("userPrincipalName")
    if isinstance(principal, str):
        view["originalUserPrincipalName"] = principal
        alias, guest, _ = principal.partition("#EXT#")
        if guest:
            name, _, domain = alias.rpartition("_")
            view["userPrincipalName"] = f"{name}@{domain}"
    if circumstances is not None:
        view.update(circumstances.attributes)
    return view


def evaluate(flows: Iterable[Flow], view: Mapping[str, Value]) -> dict[str, Written]:
    """Target path to value, for every flow that gives one; of those that may clear, None where there is no value.

    Other null values, and dropped ones, are left out. Raises `MappingError`.
    """
    values: dict[str, Written] = {}
    for flow in flows:
        value = value_of(flow, view) if flow.evaluate is not None else flow.default
        if value is DROPPED:
            continue
        if value is not None and not (flow.clears and value in ("", ())):
            values[flow.path] = value
        elif flow.clears:
            values[flow.path] = None
    return values


def evaluate_for_creation(mapping: CompiledMapping, view: Mapping[str, Value]) -> dict[str, Written]:
    """As `evaluate`, with default values where the source is null; raises too where a required value is missing."""
    values: dict[str, Written] = {}
    for flow in mapping.on_create:
        # most mappings copy a text: what `value_of` would answer, without the call
        copied = view.get(flow.copied) if flow.copied is not None else None
        if type(copied) is str:
            values[flow.path] = copied
            continue
        if flow.candidates:
            continue
        value = value_of(flow, view)
        if value is None:
            value = flow.default
        if value is not None and value is not DROPPED:
            values[flow.path] = value
        elif flow.target.required:
            raise MappingError(
                f"{flow.path} is required by the application, and "
                f"{'its mapping' if flow.redacted or not flow.text else flow.text} gives nothing for this object; fill "
                "the attribute in the directory or give the mapping a default value.",
                code=ErrorCode.ATTRIBUTE_VALIDATION_FAILED,
            )
    return values


def unique_values(mapping: CompiledMapping, view: Mapping[str, Value]) -> dict[str, tuple[str, ...]]:
    """Target path to the values that are tried for it in order. Raises `MappingError` where there is none to try."""
    found = {flow.path: flows.candidates_of(flow, view) for flow in mapping.on_create if flow.candidates}
    for path, candidates in found.items():
        if not candidates:
            raise MappingError(
                f"{path}: every rule of SelectUniqueValue is empty for this object; fill the attributes they read, or "
                "add a rule.",
                code=ErrorCode.ATTRIBUTE_VALIDATION_FAILED,
            )
    return found


def matching_values(mapping: CompiledMapping, view: Mapping[str, Value]) -> tuple[tuple[str, str], ...]:
    """Matching attributes that have a value, as (target path, value), in their order of precedence."""
    found = []
    for flow in mapping.matching:
        value = value_of(flow, view)
        if value not in (None, "", (), DROPPED):
            found.append((flow.path, str(value)))
    return tuple(found)


def _writes(flow: Flow) -> bool:
    """A mapping of type *None* without a default value writes nothing."""
    return flow.evaluate is not None or flow.default is not None


def _implied(item: AttributeMapping, path: str, roles: Sequence[AppRole]) -> Flow:
    """The flow that says of what type a single role is, where its element is being made."""
    target = dataclasses.replace(item.target, name=path, required=False)
    flow = flows.compiled(dataclasses.replace(item, target=target, matching_priority=0), roles)
    return dataclasses.replace(flow, manner=Manner.WITH_ELEMENT, clears=False, resent=False, default=None)


def _rules(written: Sequence[Flow]) -> Rules:
    binary = AttributeType.BINARY
    return Rules(
        case_exact=frozenset(
            flow.path for flow in written if flow.target.case_exact or flow.target.type is binary
        ),
        manners={flow.path: flow.manner for flow in written if flow.manner is not Manner.REPLACE},
        moments=frozenset(flow.path for flow in written if flow.target.type is AttributeType.DATE_TIME),
        resent=frozenset(flow.path for flow in written if flow.resent),
    )
