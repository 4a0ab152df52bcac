"""What an OpenAPI description says of one answer."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

import jsonschema_rs

from support.recordings import Answer


def operation(document: dict[str, Any], line: str) -> dict[str, Any] | None:
    """The operation a request line asks for; None for what is not described."""
    method, target = line.split(" ", 1)
    segments = urlsplit(re.sub("/{2,}", "/", target)).path.strip("/").split("/")
    for path, operations in document["paths"].items():
        names = path.strip("/").split("/")
        fits = all(
            name.startswith("{") or name.casefold() == each.casefold()
            for name, each in zip(names, segments, strict=False)
        )
        if len(names) == len(segments) and fits:
            return operations.get(method.lower())
    return None


def faults(document: dict[str, Any], line: str, answer: Answer) -> list[str]:
    """In what an answer is not as it is described; nothing where the request is not described."""
    asked = operation(document, line)
    if asked is None:
        return []
    declared = asked["responses"].get(str(answer.status))
    if declared is None:
        return [f"{answer.status} is not described"]
    content = declared.get("content")
    if content is None:
        return [] if answer.body is None else ["there is a body"]
    found = content[answer.headers["content-type"]]["schema"]
    validator = jsonschema_rs.Draft202012Validator({**found, "components": document["components"]})
    return [f"{error.instance_path}: {error.message}" for error in validator.iter_errors(answer.body)]
