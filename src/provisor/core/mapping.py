"""From an object of the directory to the attributes its account shall have.

A mapping is compiled once for a cycle; evaluating it for an object is a walk over plain closures.
Source: Entra, *Customize user provisioning attribute-mappings*.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from provisor.core import expressions, schema
from provisor.core.errors import ErrorCode, ProvisorError
from provisor.core.objects import DirectoryObject, Value

IS_SOFT_DELETED = "IsSoftDeleted"
"""Computed source attribute: true when the account shall not be active (Entra: *IsSoftDeleted*)."""

APP_ROLE_ASSIGNMENTS = "appRoleAssignments"
"""Computed source attribute: the values of the roles the object holds in this application."""

MEMBERS = "members"
MANAGER = "manager"
_REFERENCE_SOURCES = (MANAGER, MEMBERS)

Convert = Callable[[Value], Value]


class MappingError(ProvisorError):
    """One attribute of one object cannot be made; the object fails, the others do not."""

    def __init__(self, message: str, *, code: ErrorCode = ErrorCode.INVALID_EXPRESSION) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One compiled attribute mapping; `copied` names the attribute where the mapping only copies one to text."""

    path: str
    target: schema.AttributeDefinition
    evaluate: Callable[[Mapping[str, Value]], expressions.Result] | None
    text: str
    convert: Convert
    copied: str | None
    default: Value
    tells_deletion: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceFlow:
    """A reference attribute: `source` is `manager` or `members`, `target` its SCIM path."""

    source: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledMapping:
    """An object mapping, ready to be evaluated."""

    actions: frozenset[schema.TargetAction]
    always: tuple[Flow, ...]
    on_create: tuple[Flow, ...]
    matching: tuple[Flow, ...]
    references: tuple[ReferenceFlow, ...]
    case_exact: frozenset[str]
    reads_roles: bool

    @property
    def tells_deletion(self) -> bool:
        """Whether some attribute is made from `IsSoftDeleted`, so that an account can be disabled at all."""
        return any(flow.tells_deletion for flow in self.always)

    @property
    def target_attributes(self) -> frozenset[str]:
        """Top-level names of the attributes written by updates."""
        return frozenset(flow.target.name.split("[")[0].split(".")[0] for flow in self.always)

    def reference(self, source: str) -> ReferenceFlow | None:
        """The reference flow from `manager` or `members`, if mapped."""
        return next((flow for flow in self.references if flow.source == source), None)


def compile_mapping(mapping: schema.ObjectMapping) -> CompiledMapping:
    """Prepare an object mapping for evaluation."""
    plain = [item for item in mapping.attribute_mappings if _reference_source(item) is None]
    flows = {id(item): _flow(item) for item in plain}
    read = {name for item in plain if item.expression for name in item.expression.attributes}
    matching = sorted(
        (item for item in plain if item.matching_priority > 0), key=lambda m: m.matching_priority
    )
    return CompiledMapping(
        actions=mapping.actions,
        always=tuple(
            flows[id(item)] for item in plain if item.expression and item.flow_type is schema.FlowType.ALWAYS
        ),
        on_create=tuple(flows[id(item)] for item in plain),
        matching=tuple(flows[id(item)] for item in matching),
        references=tuple(
            ReferenceFlow(source=source, target=item.target.name)
            for item in mapping.attribute_mappings
            if (source := _reference_source(item)) is not None
        ),
        case_exact=frozenset(item.target.name for item in plain if item.target.case_exact),
        reads_roles=APP_ROLE_ASSIGNMENTS in read,
    )


def source_attributes(
    subject: DirectoryObject, *, soft_deleted: bool, roles: Sequence[str]
) -> dict[str, Value]:
    """What expressions see of an object: its attributes and the computed ones.

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
    return view


def evaluate(flows: Sequence[Flow], view: Mapping[str, Value]) -> dict[str, Value]:
    """Target path to value, for every flow that gives one; null and dropped values are left out.

    Raises `MappingError` naming the target attribute, the expression and what it was given.
    """
    values: dict[str, Value] = {}
    for flow in flows:
        value = _value(flow, view)
        if value is not None:
            values[flow.path] = value
    return values


def evaluate_for_creation(mapping: CompiledMapping, view: Mapping[str, Value]) -> dict[str, Value]:
    """As `evaluate`, with default values where the source is null; raises too where a required value is missing."""
    values: dict[str, Value] = {}
    for flow in mapping.on_create:
        value = _value(flow, view)
        if value is None:
            value = flow.default
        if value is not None:
            values[flow.path] = value
        elif flow.target.required:
            raise MappingError(
                f"{flow.target.name} is required by the application, and {flow.text or 'its mapping'} gives nothing "
                "for this object; fill the attribute in the directory or give the mapping a default value.",
                code=ErrorCode.ATTRIBUTE_VALIDATION_FAILED,
            )
    return values


def matching_values(mapping: CompiledMapping, view: Mapping[str, Value]) -> tuple[tuple[str, str], ...]:
    """Matching attributes that have a value, as (target path, value), in their order of precedence."""
    found = []
    for flow in mapping.matching:
        value = _value(flow, view)
        if value not in (None, "", ()):
            found.append((flow.target.name, str(value)))
    return tuple(found)


def _value(flow: Flow, view: Mapping[str, Value]) -> Value:
    if flow.copied is not None:
        value = view.get(flow.copied)
        if type(value) is str:
            return value
    if flow.evaluate is None:
        return None
    try:
        result = flow.evaluate(view)
        if result is None or result is expressions.Drop:
            return None
        if result is expressions.SkipObject:
            raise MappingError(
                f"{flow.target.name} ← {flow.text}: the expression asks to leave the object alone."
            )
        return flow.convert(result)
    except expressions.ExpressionError as error:
        raise MappingError(f"{flow.target.name} ← {flow.text}: {error}") from error
    except ValueError as error:
        raise MappingError(
            f"{flow.target.name} ← {flow.text}: {error}", code=ErrorCode.ATTRIBUTE_VALIDATION_FAILED
        ) from error


def _reference_source(item: schema.AttributeMapping) -> str | None:
    if item.target.type is not schema.AttributeType.REFERENCE or item.expression is None:
        return None
    source = item.expression.text.strip().strip("[]")
    return source if source in _REFERENCE_SOURCES else None


def _flow(item: schema.AttributeMapping) -> Flow:
    convert = _converter(item.target)
    default = None if item.default_value in (None, "") else convert(item.default_value)
    return Flow(
        path=item.target.name,
        target=item.target,
        evaluate=item.expression.evaluate if item.expression else None,
        text=item.expression.text if item.expression else "",
        convert=convert,
        copied=_copied(item) if convert is _text else None,
        default=default,
        tells_deletion=item.expression is not None and IS_SOFT_DELETED in item.expression.attributes,
    )


def _copied(item: schema.AttributeMapping) -> str | None:
    tree = item.expression.tree if item.expression else None
    return tree.name if isinstance(tree, expressions.Attribute) else None


def _converter(definition: schema.AttributeDefinition) -> Convert:
    if definition.multivalued:
        return _many
    match definition.type:
        case schema.AttributeType.BOOLEAN:
            return _boolean
        case schema.AttributeType.INTEGER:
            return _integer
        case _:
            return _text


def _text(value: Value) -> Value:
    return value if type(value) is str else _single(value)


def _single(value: Value) -> str | None:
    if isinstance(value, tuple):
        if len(value) > 1:
            raise ValueError(f"several values ({len(value)}) for an attribute that holds one")
        return value[0] if value else None
    if isinstance(value, bool):
        return "True" if value else "False"
    return None if value is None else str(value)


def _boolean(value: Value) -> Value:
    text = (_single(value) or "").casefold()
    if text in ("true", "1"):
        return True
    if text in ("false", "0"):
        return False
    raise ValueError(f"{value!r} is neither True nor False")


def _integer(value: Value) -> Value:
    text = _single(value)
    try:
        return None if text is None else int(text)
    except ValueError:
        raise ValueError(f"{value!r} is not a whole number") from None


def _many(value: Value) -> Value:
    if isinstance(value, tuple):
        return value
    text = _single(value)
    return () if text is None else (text,)
