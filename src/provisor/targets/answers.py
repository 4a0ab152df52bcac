"""What a target answered, and what its words mean.

Two error envelopes are in use: SCIM's (RFC 7644 section 3.12) and the one of RingCentral's platform, which its gateway
answers with even on SCIM paths (RingCentral: status codes and error bodies).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson

_LONGEST_DETAIL: Final = 300
_MARKUP: Final = re.compile(rb"\s*<(?:!doctype|html|\?xml|head|body)", re.IGNORECASE)
_TITLE: Final = re.compile(r"<title[^>]*>(.*?)</title>", re.IGNORECASE | re.DOTALL)
_BLANK: Final = re.compile(r"\s+")
_LICENCE: Final = re.compile(r"\b(?:licen[cs]e|seat)s?\b", re.IGNORECASE)
_EXHAUSTED: Final = re.compile(
    r"\b(?:limit|reached|exceed\w*|exhausted|not? (?:\w+ )?(?:left|available)|insufficient)\b", re.IGNORECASE
)
_MISSING: Final = re.compile(
    r"\b(?:(?:is|are) (?:required|mandatory|missing)|(?:required|mandatory|missing) (?:\w+ )?"
    r"(?:attribute|field|parameter|property|value)s?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One HTTP answer; `json` is `None` where the body is empty or no JSON."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    json: Any = None

    @property
    def succeeded(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300

    @property
    def document(self) -> Mapping[str, Any] | None:
        """The JSON object of the body, if it is one."""
        return self.json if isinstance(self.json, dict) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What the target said about a refusal: its words, SCIM's `scimType`, the platform's `errorCode`."""

    detail: str | None = None
    scim_type: str | None = None
    error_code: str | None = None

    @property
    def licence_limit(self) -> bool:
        """Whether the words say that no licence is left; RingCentral sends no code for it."""
        return bool(self.detail and _LICENCE.search(self.detail) and _EXHAUSTED.search(self.detail))

    @property
    def lacks_values(self) -> bool:
        """Whether the words say that a required value is missing; SCIM has no code of its own for it."""
        return bool(self.detail and _MISSING.search(self.detail))

    @property
    def unknown_attribute(self) -> bool:
        """Whether an attribute was named that the target does not have."""
        return self.scim_type in ("invalidPath", "noTarget")

    def __str__(self) -> str:
        codes = ", ".join(filter(None, (self.scim_type, self.error_code)))
        words = f"“{self.detail}”" if self.detail else ""
        return f"{words} ({codes})" if words and codes else words or codes


def parsed(status: int, headers: Mapping[str, str], body: bytes) -> Answer:
    """The answer with its body read as JSON where it is JSON, whatever its media type says."""
    json = None
    if body:
        try:
            json = orjson.loads(body)
        except orjson.JSONDecodeError:
            json = None
    return Answer(status=status, headers=headers, body=body, json=json)


def fault(answer: Answer, *, secret: str) -> Fault:
    """What the target said in either envelope, else the gist of the body; never the secret, never very long."""
    document = answer.document
    if document is None:
        return Fault(detail=_shortened(_gist(answer), secret))
    first = _first_error(document)
    return Fault(
        detail=_shortened(
            _text(document, "detail") or _text(document, "message") or _text(first, "message"), secret
        ),
        scim_type=_shortened(_text(document, "scimType"), secret),
        error_code=_shortened(_text(document, "errorCode") or _text(first, "errorCode"), secret),
    )


def is_markup(answer: Answer) -> bool:
    """Whether the body is a web page: a proxy, a sign-in page or a wrong address answered."""
    return _MARKUP.match(answer.body) is not None


def _first_error(document: Mapping[str, Any]) -> Mapping[str, Any]:
    listed = document.get("errors")
    if isinstance(listed, list) and listed and isinstance(listed[0], dict):
        return listed[0]
    return {}


def _text(document: Mapping[str, Any], name: str) -> str | None:
    value = document.get(name)
    return value if isinstance(value, str) and value.strip() else None


def _gist(answer: Answer) -> str | None:
    text = answer.body[:20_000].decode("utf-8", errors="replace")
    if not is_markup(answer):
        return text
    title = _TITLE.search(text)
    return f"a web page titled {title.group(1).strip()}" if title else "a web page"


def _shortened(text: str | None, secret: str) -> str | None:
    if text is None:
        return None
    text = _BLANK.sub(" ", text.replace(secret, "…")).strip()
    if len(text) > _LONGEST_DETAIL:
        text = text[: _LONGEST_DETAIL - 1] + "…"
    return text or None
