"""Schema URNs in the case a client writes them: they have none (RFC 7644 section 3.10)."""

from __future__ import annotations

from typing import Any

from scim2_models import BulkRequest, PatchOp, ScimProvider, SearchRequest

_MESSAGES = (PatchOp, SearchRequest, BulkRequest)


class SchemaNames:
    """The spelling of every URN a body may name."""

    def __init__(self, provider: ScimProvider) -> None:
        urns = [str(described.__schema__) for described in (*provider.models, *_MESSAGES)]
        self._spelling = {urn.casefold(): urn for urn in urns}

    def spelled(self, payload: dict[str, Any]) -> dict[str, Any]:
        """The body with its `schemas` and its extensions in our spelling."""
        return {self._key(key): self._value(key, value) for key, value in payload.items()}

    def _key(self, key: str) -> str:
        return self._spelling.get(key.casefold(), key)

    def _value(self, key: str, value: Any) -> Any:
        if key.casefold() != "schemas" or not isinstance(value, list):
            return value
        spelled = (self._key(each) if isinstance(each, str) else each for each in value)
        return list(dict.fromkeys(spelled)) if all(isinstance(each, str) for each in value) else value
