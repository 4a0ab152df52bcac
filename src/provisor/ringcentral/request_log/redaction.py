"""What is left of a request in the log: its structure, never what it says about a person.

Kept: the names of attributes and parameters, operators, `true`, `false` and `null`, ids of resources, URNs of schemas,
and the words of the protocol. Everything else becomes `MASK`.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qsl, unquote

import orjson

MASK = "•••"
LONGEST_BODY = 4000
"""Characters of a redacted body that are kept."""

MOST_ELEMENTS = 3
"""Elements of a list that are shown; the rest is counted."""

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_NAME = re.compile(r"\$?[A-Za-z][A-Za-z0-9_$-]{0,63}")
_SCHEMA = re.compile(r"urn:[A-Za-z0-9][\w.:-]{0,150}")
_ATTRIBUTE = re.compile(rf"(?:{_SCHEMA.pattern}:)?{_NAME.pattern}(?:\.{_NAME.pattern})?|\.{_NAME.pattern}")
_FILTER_TOKEN = re.compile(r'\s+|[()\[\],]|"(?:[^"\\]|\\.|\\$)*(?:"|$)|[^\s()\[\]",]+', re.DOTALL)

_COMPARISONS = frozenset({"eq", "ne", "co", "sw", "ew", "gt", "ge", "lt", "le"})
_LOGIC = frozenset({"and", "or", "not", "pr"})
_LITERALS = frozenset({"true", "false", "null"})
_PARAMETERS = frozenset(
    {"attributes", "excludedattributes", "sortby", "sortorder", "startindex", "count", "filter"}
)
_NAMED = _PARAMETERS | {"cursor", "access_token", "aadoptscim062020", "azureadscimpatch2017"}
"""The parameters that are named; the values of those that are not `_PARAMETERS` are masked."""
_NUMBERS = frozenset({"totalresults", "itemsperpage", "startindex", "count", "failonerrors"})
_WORDS = frozenset(
    {
        *("user", "group", "resourcetype", "schema", "serviceproviderconfig"),
        *("add", "remove", "replace", "post", "put", "patch", "delete", "get"),
        *("work", "home", "mobile", "other", "fax", "pager"),
        *("ascending", "descending", "true", "false", "direct", "indirect"),
        *(
            "uniqueness",
            "toomany",
            "mutability",
            "sensitive",
            "invalidsyntax",
            "invalidfilter",
            "invalidpath",
        ),
        *("invalidvalue", "invalidvers", "notarget", "invalidcursor", "expiredcursor", "invalidcount"),
    }
)
"""Words of the protocol that say nothing about a person, where their attribute may hold only such words."""

_WORD_ATTRIBUTES = frozenset({"op", "method", "type", "scimtype", "resourcetype", "sortorder"})
_FIELD = re.compile(r"\[[a-z]\w*(?:\.[a-z]\w*)+\]")
_CODE_ATTRIBUTES = frozenset({"status", "errorcode"})
_CODE = re.compile(r"[A-Z]{0,4}-?\d{1,4}")
_QUOTED = re.compile(r"'[^']*'|\"(?:[^\"\\]|\\.)*\"|\[[^\]]*\]", re.DOTALL)


def path(text: str) -> str:
    """A path below the base path; a segment that is no resource type, id or word of the protocol is masked."""
    return "/".join(
        part if not part or _ID.fullmatch(part) or part == ".search" else MASK for part in text.split("/")
    )


def identifier(text: str) -> str:
    """An id; masked where it is none, such as the e-mail address of somebody who gave a consent."""
    return text if _ID.fullmatch(text) else MASK


def query(text: str) -> str:
    """A query string with its parameters decoded; filters keep attributes and operators."""
    shown = []
    for name, value in parse_qsl(text, keep_blank_values=True, errors="replace"):
        known = name.casefold()
        shown.append(f"{name if known in _NAMED else MASK}={_parameter(known, value)}")
    return "&".join(shown)


def scim_filter(text: str) -> str:
    """A filter, or a path that holds one, with its attributes and operators, without the values it compares with."""
    parts = _FILTER_TOKEN.findall(text)
    words = [part for part in parts if not part.isspace()]
    shown: list[str] = []
    number = 0
    for part in parts:
        if part.isspace():
            shown.append(" ")
            continue
        shown.append(_filter_word(words, number))
        number += 1
    return "".join(shown)


def body(raw: bytes, *, of: int) -> str | None:
    """A body in one line of JSON, its values masked; None where there is none.

    :param raw: what was kept of it; less than `of` bytes where it was too large.
    """
    if not of:
        return None
    if len(raw) < of:
        return f"{of} bytes"
    try:
        document = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return f"{of} bytes, not JSON"
    said = orjson.dumps(_masked("", document)).decode()
    return said if len(said) <= LONGEST_BODY else f"{said[:LONGEST_BODY]}…"


def sentence(text: str, values: frozenset[str]) -> str:
    """A sentence of an error without what is in quotation marks or brackets, and without the values of the request."""
    shown = text
    if values:
        longest_first = sorted(values, key=len, reverse=True)
        known = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.IGNORECASE)
        shown = known.sub(MASK, shown)
    shown = _QUOTED.sub(_without_quotation, shown)
    words = (
        MASK if "@" in word or _has_number(word) or not word.isprintable() else word for word in shown.split()
    )
    return " ".join(words)


def error(raw: bytes, asked: bytes, asked_query: str, asked_path: str) -> str | None:
    """What an answer says went wrong, redacted; None where it says nothing."""
    try:
        document = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(document, dict):
        return None
    said = next(
        (document[name] for name in ("detail", "message") if isinstance(document.get(name), str)), None
    )
    if said is None:
        return None
    values: set[str] = set()
    for _, value in parse_qsl(asked_query, errors="replace"):
        values.update((value, *map(_unquoted, _QUOTED.findall(value))))
    values.update(unquote(part) for part in asked_path.split("/"))
    with contextlib.suppress(orjson.JSONDecodeError):
        values.update(_texts(orjson.loads(asked)))
    return sentence(
        said, frozenset(value for value in values if len(value) > 1 and value.casefold() not in _WORDS)
    )


def _without_quotation(found: re.Match[str]) -> str:
    """A quotation masked; the dotted name of a field in brackets stays, as RingCentral names them."""
    text = found[0]
    return text if _FIELD.fullmatch(text) else f"{text[0]}{MASK}{text[-1]}"


def _unquoted(text: str) -> str:
    try:
        return str(orjson.loads(text))
    except orjson.JSONDecodeError:
        return text[1:-1]


def _parameter(name: str, value: str) -> str:
    if name not in _PARAMETERS:
        return MASK
    if name == "filter":
        return scim_filter(value)
    if name in _NUMBERS:
        return value if re.fullmatch(r"-?\d{1,12}", value) else MASK
    return ",".join(each if _ATTRIBUTE.fullmatch(each.strip()) else MASK for each in value.split(","))


def _filter_word(words: list[str], number: int) -> str:
    """What is shown of one word of a filter, where it stands."""
    part = words[number]
    folded = part.casefold()
    before = words[number - 1].casefold() if number else ""
    following = words[number + 1].casefold() if number + 1 < len(words) else ""
    if part in ("(", ")", "[", "]", ","):
        return part
    if before in _COMPARISONS and number > 1:
        compared = words[number - 2].casefold().rpartition(".")[2]
        is_word = compared == "type" and folded.strip('"') in _WORDS
        return part if folded in _LITERALS or is_word else f'"{MASK}"' if part.startswith('"') else MASK
    if part.startswith('"'):
        return f'"{MASK}"'
    if folded in _COMPARISONS | _LOGIC:
        return part
    is_compared = following in _COMPARISONS or following in ("pr", "[")
    is_sub_attribute = before == "]" and part.startswith(".")
    return part if (is_compared or is_sub_attribute) and _ATTRIBUTE.fullmatch(part) else MASK


def _masked(name: str, value: Any) -> Any:
    folded = name.casefold()
    match value:
        case dict():
            return {_key(key): _masked(key, each) for key, each in value.items()}
        case list():
            shown = [_masked(name, each) for each in value[:MOST_ELEMENTS]]
            rest = len(value) - len(shown)
            return [*shown, f"… {rest} more"] if rest else shown
        case None | bool() | "":
            return value
        case str():
            return _word(folded, value)
        case int() if folded in _NUMBERS or folded in _CODE_ATTRIBUTES:
            return value
        case _:
            return MASK


def _word(name: str, value: str) -> str:
    folded = value.casefold()
    if name in ("path", "filter"):
        return _path_in_body(value)
    is_harmless = (
        folded in ("true", "false")
        or (name == "schemas" and _SCHEMA.fullmatch(value))
        or (name == "id" and _ID.fullmatch(value))
        or (name in _WORD_ATTRIBUTES and folded in _WORDS)
        or (name in _CODE_ATTRIBUTES and _CODE.fullmatch(value))
    )
    return value if is_harmless else MASK


def _path_in_body(value: str) -> str:
    """The path of a PATCH operation, which may hold a filter; a filter of a search; the path of a bulk operation."""
    if value.startswith("/"):
        return path(value)
    if _ATTRIBUTE.fullmatch(value):
        return value
    return scim_filter(value)


def _key(key: str) -> str:
    return (
        key if _NAME.fullmatch(key) or _SCHEMA.fullmatch(key) or _ATTRIBUTE.fullmatch(key) else _dotted(key)
    )


def _dotted(key: str) -> str:
    """A key that is a path with a filter, as Entra sends them; masked where it is none."""
    return scim_filter(key) if "[" in key and len(key) < 300 else MASK


def _texts(value: Any) -> Iterator[str]:
    match value:
        case dict():
            for each in value.values():
                yield from _texts(each)
        case list():
            for each in value:
                yield from _texts(each)
        case str():
            yield value
        case _:
            pass


def _has_number(word: str) -> bool:
    """Whether a word holds so many digits that it could be a telephone number."""
    return sum(letter.isdigit() for letter in word) >= 5
