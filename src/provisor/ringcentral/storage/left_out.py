"""What an answer will not show, such as the members of a large group, is not made into objects at all."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from scim2_models import ComplexAttribute, Path, Resource, ResponseParameters


def of(model: type[Resource[Any]], parameters: ResponseParameters[Any] | None) -> frozenset[str]:
    """The names, as documents spell them, of the model's own complex attributes that the parameters leave out."""
    if parameters is None or not (parameters.attributes or parameters.excluded_attributes):
        return frozenset()
    return _left_out(model, _spelled(parameters.attributes), _spelled(parameters.excluded_attributes))


@lru_cache(maxsize=256)
def _left_out(
    model: type[Resource[Any]], attributes: tuple[str, ...], excluded: tuple[str, ...]
) -> frozenset[str]:
    bound: Any = Path[model]  # type: ignore[valid-type]
    of_model = {"include_subattributes": False, "include_extensions": False}
    complex_ones = {str(path) for path in bound.iter_paths(**of_model, target_type=[ComplexAttribute])}
    kept = bound.iter_paths(
        **of_model,
        attributes=[Path(each) for each in attributes] or None,
        excluded_attributes=[Path(each) for each in excluded] or None,
    )
    schema = f"{model.__schema__}:"
    return frozenset(each.removeprefix(schema) for each in complex_ones - {str(path) for path in kept})


def _spelled(paths: list[Path[Any]] | None) -> tuple[str, ...]:
    return tuple(sorted(str(path).casefold() for path in paths or ()))
