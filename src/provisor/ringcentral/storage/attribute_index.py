"""The rows by which a resource is found: one for each value of its attributes, in the form comparisons use."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from scim2_models import AttributeBinding, BaseModel, Extension, Path, Resource, Uniqueness

from provisor.ringcentral import resources
from provisor.ringcentral.storage import user_names

KEY_LENGTH = 500
"""Characters of a text the index holds: PostgreSQL refuses index entries above 2704 bytes."""

COMMON_PATHS = (
    "schemas",
    "id",
    "meta",
    "meta.resourceType",
    "meta.created",
    "meta.lastModified",
    "meta.version",
)
"""The attributes every resource has, which scim2-models does not list; `meta.location` is not ours to know."""

USER_NAME = f"{resources.USER_SCHEMA}:userName"

UNIQUE = frozenset({Uniqueness.server, Uniqueness.global_})


class Value(NamedTuple):
    """One row, but for the resource it belongs to and the number of its element."""

    path: str
    key: str | None
    text: str | None
    number: float | None
    leading: bool
    is_unique: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Element:
    """The rows of one value of an attribute: itself and its sub-attributes."""

    head: str
    values: frozenset[Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparable:
    """A value in the form it is stored and compared in. Exactly one of `key` and `number` is set."""

    key: str | None = None
    text: str | None = None
    number: float | None = None

    @property
    def full_text(self) -> str:
        return self.text if self.text is not None else self.key or ""


def path_of(binding: AttributeBinding) -> str:
    """The path an attribute is indexed under: without its schema, unless an extension declares it."""
    if issubclass(binding.model, Extension):
        return binding.urn
    schema = getattr(binding.model, "__schema__", None)
    return binding.urn.removeprefix(f"{schema}:") if schema else binding.urn


def head_of(path: str) -> str:
    """The path of the attribute that holds a sub-attribute, or the path itself."""
    start = path.rfind(":") + 1
    return path[:start] + path[start:].partition(".")[0]


def comparable(binding: AttributeBinding, value: Any) -> Comparable | None:
    """The form a value of an attribute is compared in, or None where the policy in force cannot prepare it."""
    if isinstance(value, bool | int | float):
        return Comparable(number=float(value))
    if isinstance(value, dt.datetime):
        moment = value if value.tzinfo else value.replace(tzinfo=dt.UTC)
        return Comparable(number=float(int(moment.timestamp() * 1_000_000)))
    if isinstance(value, bytes):
        return _text(base64.b64encode(value).decode())
    if binding.urn == USER_NAME:
        value = user_names.prepared(value)
    try:
        return _text(str(binding.comparable(value)))
    except ValueError:
        return None


def _text(text: str) -> Comparable:
    if len(text) <= KEY_LENGTH:
        return Comparable(key=text)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return Comparable(key=text[: KEY_LENGTH - len(digest)] + digest, text=text)


class AttributeIndex:
    """Which rows the resources of one model are found by.

    :param paths: the only paths to index, as `path_of` spells them; None for every attribute.
    """

    def __init__(self, model: type[Resource[Any]], paths: frozenset[str] | None = None) -> None:
        self.model = model
        self._attributes = [
            attribute
            for attribute in _attributes(model)
            if paths is None or attribute.path in paths or paths & {sub.path for sub in attribute.subs}
        ]
        self._paths = paths

    def elements(self, resource: Resource[Any]) -> Iterator[Element]:
        """Every indexed value of a resource."""
        for attribute in self._attributes:
            host = attribute.host(resource)
            held = getattr(host, attribute.binding.field_name, None) if host is not None else None
            if held is None:
                continue
            items = held if isinstance(held, list) else [held]
            leading = next((place for place, item in enumerate(items) if getattr(item, "primary", None)), 0)
            for place, item in enumerate(items):
                values = frozenset(self._values(attribute, item, leading=place == leading))
                if values:
                    yield Element(head=attribute.path, values=values)

    def _values(self, attribute: _Attribute, item: Any, *, leading: bool) -> Iterator[Value]:
        if not isinstance(item, BaseModel):
            if (
                row := _row(attribute.path, attribute.binding, item, leading, attribute.is_unique)
            ) is not None:
                yield row
            return
        if self._paths is None or attribute.path in self._paths:
            present = 1.0 if is_present(item) else None
            yield Value(attribute.path, None, None, present, leading, is_unique=False)
        for sub in attribute.subs:
            if self._paths is not None and sub.path not in self._paths:
                continue
            held = getattr(item, sub.binding.target_field_name, None)
            for place, value in enumerate(held if isinstance(held, list) else [held]):
                if value is not None:
                    row = _row(sub.path, sub.binding, value, leading and place == 0, is_unique=False)
                    if row is not None:
                        yield row


@dataclass(frozen=True, slots=True, kw_only=True)
class _Attribute:
    path: str
    binding: AttributeBinding
    is_unique: bool = False
    subs: tuple[_Attribute, ...] = ()

    def host(self, resource: Resource[Any]) -> Any:
        if isinstance(resource, self.binding.model):
            return resource
        return getattr(resource, self.binding.model.__name__, None)


def _attributes(model: type[Resource[Any]]) -> Iterator[_Attribute]:
    paths: Any = Path[model]  # type: ignore[valid-type]
    subs: dict[str, list[_Attribute]] = defaultdict(list)
    heads: dict[str, AttributeBinding] = {}
    for path in (*map(paths, COMMON_PATHS), *paths.iter_paths()):
        binding = path.resolve()
        if binding is None:
            continue
        name = path_of(binding)
        if binding.sub_field_name is None:
            heads[name] = binding
        else:
            subs[head_of(name)].append(_Attribute(path=name, binding=binding))
    for name, binding in heads.items():
        is_unique = binding.get_annotation(Uniqueness) in UNIQUE
        yield _Attribute(path=name, binding=binding, is_unique=is_unique, subs=tuple(subs[name]))


def _row(path: str, binding: AttributeBinding, value: Any, leading: bool, is_unique: bool) -> Value | None:  # noqa: FBT001 - columns of the row
    form = comparable(binding, value)
    if form is None:
        return None
    return Value(path, form.key, form.text, form.number, leading, is_unique and form.key is not None)


def is_present(value: Any) -> bool:
    """Whether `pr` holds: a complex value is present when one of its sub-attributes is (RFC 7644 section 3.4.2.2)."""
    if isinstance(value, BaseModel):
        return any(is_present(getattr(value, name, None)) for name in type(value).model_fields)
    if isinstance(value, list):
        return any(is_present(item) for item in value)
    return value is not None and value not in ("", b"")


class StoredElement(NamedTuple):
    """An element that has rows already."""

    element: int
    content: Element


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexChange:
    """What has to happen to the rows of one resource: elements of a head to delete, elements to insert."""

    deletions: tuple[tuple[str, int], ...]
    insertions: tuple[StoredElement, ...]


def difference(before: Iterable[StoredElement], after: Iterable[Element]) -> IndexChange:
    """The least rewriting that turns the stored elements into the wanted ones.

    Elements that stay keep their number, so that one member more in a group of thousands is a handful of rows.
    """
    kept: dict[Element, list[int]] = defaultdict(list)
    highest: Counter[str] = Counter()
    for stored in before:
        kept[stored.content].append(stored.element)
        highest[stored.content.head] = max(highest[stored.content.head], stored.element + 1)
    insertions = []
    for element in after:
        numbers = kept.get(element)
        if numbers:
            numbers.pop()
            continue
        insertions.append(StoredElement(highest[element.head], element))
        highest[element.head] += 1
    deletions = tuple((content.head, number) for content, numbers in kept.items() for number in numbers)
    return IndexChange(deletions=deletions, insertions=tuple(insertions))
