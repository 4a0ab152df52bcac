"""The form of one attribute mapping, from and to its place in a schema."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from provisor.core import expressions, schema_editing
from provisor.core.attribute_mapping import FlowBehavior, FlowType
from provisor.core.errors import InvalidInputError
from provisor.core.expressions import ExpressionSyntaxError
from provisor.core.objects import ObjectType
from provisor.engine import applications
from provisor.look.catalogues import mark as _
from provisor.look.forms import Form

Document = Mapping[str, Any]


class SourceType(enum.StrEnum):
    """What an attribute is made from, as the form asks."""

    DIRECT = "direct"
    CONSTANT = "constant"
    EXPRESSION = "expression"
    NONE = "none"


class FieldError(InvalidInputError):
    """What was entered is not usable: `field` is where, empty for the mapping as a whole."""

    def __init__(self, field: str, message: str, *, syntax: ExpressionSyntaxError | None = None) -> None:
        super().__init__(message)
        self.field = field
        self.message = message
        self.syntax = syntax


@dataclass(frozen=True, slots=True, kw_only=True)
class AttributeForm:
    """What the form holds. `replacing` is the target attribute of the mapping being edited, None for a new one."""

    replacing: str | None = None
    target: str = ""
    type: str = SourceType.DIRECT
    attribute: str = ""
    constant: str = ""
    expression: str = ""
    default: str = ""
    flow_type: str = FlowType.ALWAYS
    precedence: str = "0"
    clears: bool = False
    resent: bool = False

    def entry(self) -> Document:
        """The mapping as a schema holds it. Raises `FieldError`."""
        source = self._source()
        if not self.target:
            raise FieldError("target", _("Choose or enter the attribute of the application."))
        return {
            "targetAttributeName": self.target,
            "source": source,
            "defaultValue": self.default or None,
            "flowType": self.flow_type,
            "flowBehavior": (FlowBehavior.ALWAYS if self.resent else FlowBehavior.WHEN_CHANGED).value,
            "flowNullValues": self.clears,
        }

    def applied(self, document: Document, kind: ObjectType) -> Document:
        """The schema with this mapping in it, which can be saved. Raises `FieldError` or `NotFoundError`."""
        precedence = int(self.precedence) if re.fullmatch(r"\d{1,3}", self.precedence) else 0
        changed = schema_editing.with_attribute(
            document, kind, self.entry(), replacing=self.replacing, precedence=precedence
        )
        try:
            applications.check_schema(changed)
        except InvalidInputError as error:
            raise self._placed(error, changed, kind) from error
        return changed

    def tree(self) -> expressions.Node | None:
        """What the attribute is made from; None for nothing. Raises `FieldError`."""
        match self.type:
            case SourceType.DIRECT:
                if not self.attribute:
                    raise FieldError("attribute", _("Choose or enter the attribute of the directory."))
                return self._parsed("attribute", f"[{self.attribute}]")
            case SourceType.CONSTANT:
                if not self.constant:
                    raise FieldError(
                        "constant", _("Enter the constant, or choose the type None to write nothing.")
                    )
                return expressions.Constant(value=self.constant)
            case SourceType.EXPRESSION:
                if not self.expression.strip():
                    raise FieldError("expression", _("Enter an expression."))
                return self._parsed("expression", self.expression)
            case SourceType.NONE:
                return None
            case _:
                raise FieldError("type", _("Choose a mapping type."))

    def _source(self) -> Document | None:
        tree = self.tree()
        if tree is None:
            return None
        source = expressions.to_graph(tree)
        if self.type == SourceType.EXPRESSION:
            return {**source, "expression": self.expression.strip()}
        return source

    def _parsed(self, field: str, text: str) -> expressions.Node:
        try:
            return expressions.parse(text.strip())
        except ExpressionSyntaxError as error:
            raise FieldError(field, str(error), syntax=error) from error

    def _placed(self, error: InvalidInputError, changed: Document, kind: ObjectType) -> FieldError:
        """The error beside the field it is about, as far as it is about this mapping."""
        names = [
            entry["targetAttributeName"]
            for entry in schema_editing.mapping_of(changed, kind)["attributeMappings"]
        ]
        found = _PLACE.match(str(error))
        if found is None or int(found["index"]) != _last(names, self.target):
            return FieldError("", str(error))
        cause = error.__cause__
        syntax = cause if isinstance(cause, ExpressionSyntaxError) else None
        key = found["key"] or ""
        field = str(self.type) if key.startswith("source") else _FIELDS.get(key, "target")
        return FieldError({"direct": "attribute"}.get(field, field), found["text"], syntax=syntax)


_PLACE = re.compile(
    r"synchronizationRules\[\d+\]\.objectMappings\[\d+\]\.attributeMappings\[(?P<index>\d+)\]"
    r"(?:\.(?P<key>[\w.]*\w))?[^:]*: (?P<text>.*)",
    re.DOTALL,
)
_FIELDS = {
    "targetAttributeName": "target",
    "matchingPriority": "precedence",
    "flowType": "flow_type",
    "flowNullValues": "clears",
    "defaultValue": "default",
}


def _last(names: list[str], target: str) -> int:
    return len(names) - 1 - names[::-1].index(target)


def of_entry(document: Document, kind: ObjectType, target: str) -> AttributeForm:
    """The form of a mapping that is there. Raises `NotFoundError`."""
    entry = schema_editing.attribute_named(document, kind, target)
    matching = schema_editing.matching(document, kind)
    text = (entry.get("source") or {}).get("expression") or ""
    tree = expressions.parse(text) if text else None
    return AttributeForm(
        replacing=target,
        target=target,
        type=_type(tree),
        attribute=tree.name if isinstance(tree, expressions.Attribute) else "",
        constant=tree.value if isinstance(tree, expressions.Constant) else "",
        expression=text,
        default=str(entry.get("defaultValue") or ""),
        flow_type=entry.get("flowType") or FlowType.ALWAYS,
        precedence=str(matching.index(target) + 1 if target in matching else 0),
        clears=bool(entry.get("flowNullValues")),
        resent=entry.get("flowBehavior") == FlowBehavior.ALWAYS,
    )


def of_form(form: Form) -> AttributeForm:
    """The form as it was sent."""
    return AttributeForm(
        replacing=form.exact("replacing") or None,
        target=form.text("target"),
        type=form.text("type"),
        attribute=form.text("attribute").removeprefix("[").removesuffix("]"),
        constant=form.exact("constant"),
        expression=form.exact("expression").replace("\r\n", "\n"),
        default=form.exact("default"),
        flow_type=form.text("flow_type") or FlowType.ALWAYS,
        precedence=form.text("precedence"),
        clears=form.has("clears"),
        resent=form.has("resent"),
    )


def _type(tree: expressions.Node | None) -> SourceType:
    match tree:
        case None:
            return SourceType.NONE
        case expressions.Attribute():
            return SourceType.DIRECT
        case expressions.Constant():
            return SourceType.CONSTANT
        case _:
            return SourceType.EXPRESSION
