"""Schemas as scenarios want them: the template's, with other actions, without some mappings, with others instead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from provisor import gallery
from support import scope_words

Said = Mapping[str, Any]


def document(application: Said) -> Any:
    """The template's schema as the scenario's `application` changes it.

    `actions` are the target object actions by object type, `withoutMappings` the target names to leave out, `filter` scoping filters. `mappings`
    adds or replaces mappings of users by target name, as Graph writes them but for the source, which is the text of an
    expression (`expression: null` for type None); `attributes` are definitions of target attributes.
    """
    found = gallery.template(application.get("template", "scim")).schema
    found = scope_words.with_filters(found, application.get("filter", {}))
    rules = [_rule(rule, application) for rule in found["synchronizationRules"]]
    user = next(
        item for rule in rules for item in rule["objectMappings"] if item["sourceObjectName"] == "User"
    )
    changed = {**found, "synchronizationRules": rules}
    if "attributes" in application:
        definitions = [{"name": name, **said} for name, said in application["attributes"].items()]
        changed["directories"] = [
            *found.get("directories", ()),
            {"name": "Target", "objects": [{"name": user["targetObjectName"], "attributes": definitions}]},
        ]
    return changed


def _rule(rule: Said, application: Said) -> dict[str, Any]:
    return {**rule, "objectMappings": [_object_mapping(item, application) for item in rule["objectMappings"]]}


def _object_mapping(item: Said, application: Said) -> dict[str, Any]:
    actions = application.get("actions", {})
    changed = {**item, "flowTypes": actions.get(item["sourceObjectName"], item["flowTypes"])}
    if item["sourceObjectName"] == "User":
        mapped = application.get("mappings", {})
        left_out = {*application.get("withoutMappings", ()), *mapped}
        changed["attributeMappings"] = [
            one for one in item["attributeMappings"] if one["targetAttributeName"] not in left_out
        ] + [_attribute_mapping(target, said) for target, said in mapped.items()]
    return changed


def _attribute_mapping(target: str, said: Any) -> dict[str, Any]:
    said = {"expression": said} if isinstance(said, str) else dict(said)
    expression = said.pop("expression", None)
    return {
        "targetAttributeName": target,
        "source": None if expression is None else {"expression": expression},
        "matchingPriority": 0,
        **said,
    }
