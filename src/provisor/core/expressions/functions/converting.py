"""Functions that turn values into others of a different kind, and tests of what a value is."""

from __future__ import annotations

import base64
import binascii
import re
import uuid

from provisor.core.expressions import dates
from provisor.core.expressions.errors import ArgumentProblem, shown
from provisor.core.expressions.signatures import Eager, Function, Origin, Parameter, Presence, Takes, Yields
from provisor.core.expressions.values import Computed, boolean, integer_64, is_true, number, texts

_SID_HEAD = 8
"""Bytes of a security identifier before its sub-authorities: revision, their number, and the authority."""

_ENCODINGS = {"Unicode": "utf-16-le", "ASCII": "ascii", "UTF8": "utf-8"}


def _bit_and(first: int | None, second: int | None) -> str | None:
    return None if first is None or second is None else str(first & second)


def _bit_or(first: int | None, second: int | None) -> str | None:
    return None if first is None or second is None else str(first | second)


def _is_bit_set(value: int | None, flag: int | None) -> str:
    return boolean(bool((value or 0) & (flag or 0)))


def _c_bool(expression: str | None) -> str:
    return boolean(is_true(expression))


def _c_str(value: str | None) -> str | None:
    return value


def _is_string(expression: Computed) -> str:
    return boolean(len(texts(expression)) == 1)


def _to_base64(source: str | None) -> str | None:
    """Base64 of the text's UTF-16 bytes, the lower byte first."""
    return None if source is None else base64.b64encode(source.encode("utf-16-le", "surrogatepass")).decode()


def _to_utf8_hex(source: str | None) -> str | None:
    return None if source is None else source.encode("utf-8", "surrogatepass").hex().upper()


def _from_base64(source: str | None, encoding: str | None) -> str | None:
    if source is None:
        return None
    try:
        return base64.b64decode(source, validate=True).decode(encoding or "utf-16-le")
    except (binascii.Error, ValueError):
        raise ArgumentProblem(f"{shown(source)} is no Base64 of a text in that encoding") from None


def _from_utf8_hex(source: str | None) -> str | None:
    if source is None:
        return None
    try:
        return bytes.fromhex(source).decode()
    except ValueError:
        raise ArgumentProblem(f"{shown(source)} is no text in hexadecimal UTF-8") from None


def encoding(text: str) -> str:
    """The name of the codec. Raises `ArgumentProblem`."""
    if text in _ENCODINGS:
        return _ENCODINGS[text]
    raise ArgumentProblem(f'one of "Unicode", "ASCII" and "UTF8" is expected, not {shown(text)}')


def _c_num(value: str | None) -> str | None:
    if not value:
        return None
    found = number(value.strip())
    if found is None:
        raise ArgumentProblem(f"{shown(value)} is no number")
    return format(found, "f")


def _is_numeric(expression: str | None) -> str:
    return boolean(expression is not None and number(expression.strip()) is not None)


def _is_date(expression: str | None) -> str:
    try:
        return boolean(expression is not None and dates.instant(expression) is not None)
    except ArgumentProblem:
        return boolean(False)


def _is_guid(expression: str | None) -> str:
    plain = (expression or "").removeprefix("{").removesuffix("}")
    try:
        return boolean(str(uuid.UUID(plain)) == plain.lower())
    except ValueError:
        return boolean(False)


def _is_empty(expression: Computed) -> str:
    return boolean(not texts(expression))


def _dn_component(dn: str | None, place: int) -> str | None:
    """The value of one part of a distinguished name, counted from the left; null where there is none (RFC 4514)."""
    if not dn:
        return None
    parts = re.findall(r"(?:\\.|[^,\\])+", dn, re.DOTALL)
    if not 1 <= place <= len(parts):
        return None
    value = parts[place - 1].partition("=")[2].strip()
    return re.sub(r"\\([0-9A-Fa-f]{2})|\\(.)", _unescaped, value, flags=re.DOTALL)


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found[1], 16)) if found[1] else found[2]


def _sid(value: str | None) -> str | None:
    """`S-1-5-…` for the bytes of a security identifier (MS-DTYP 2.4.2); one that is written so already stays."""
    if not value or value.startswith("S-1-"):
        return value or None
    try:
        raw = base64.b64decode(value, validate=True)
    except ValueError:
        raw = b""
    if len(raw) < _SID_HEAD or raw[0] != 1 or len(raw) != _SID_HEAD + 4 * raw[1]:
        raise ArgumentProblem(f"{shown(value)} is no security identifier in Base64")
    parts = [int.from_bytes(raw[place : place + 4], "little") for place in range(_SID_HEAD, len(raw), 4)]
    return "-".join(map(str, ("S-1", int.from_bytes(raw[2:_SID_HEAD], "big"), *parts)))


def _bits(name: str) -> Parameter:
    return Parameter(name=name, reader=integer_64)


_SOURCE = Parameter(name="source")
_EXPRESSION = Parameter(name="expression")

FUNCTIONS = (
    Function(
        name="BitAnd",
        meaning="The bits that are set in both numbers.",
        parameters=(_bits("value1"), _bits("value2")),
        implementation=Eager(apply=_bit_and),
    ),
    Function(
        name="CBool",
        meaning="True for True, a number other than zero, or a comparison that holds; else False.",
        parameters=(Parameter(name="expression", takes=Takes.CONDITION),),
        implementation=Eager(apply=_c_bool, yields=Yields.BOOLEAN),
    ),
    Function(
        name="ConvertToBase64",
        meaning="The text's UTF-16 bytes in Base64.",
        parameters=(_SOURCE,),
        implementation=Eager(apply=_to_base64),
    ),
    Function(
        name="ConvertToUTF8Hex",
        meaning="The text's UTF-8 bytes in hexadecimal.",
        parameters=(_SOURCE,),
        implementation=Eager(apply=_to_utf8_hex),
    ),
    Function(
        name="CStr",
        meaning="A number, reference or truth value as text.",
        parameters=(Parameter(name="value"),),
        implementation=Eager(apply=_c_str),
    ),
    Function(
        name="IsString",
        meaning="Whether the value can be a text.",
        parameters=(Parameter(name="expression", takes=Takes.VALUE),),
        implementation=Eager(apply=_is_string, yields=Yields.BOOLEAN),
    ),
    Function(
        name="BitOr",
        meaning="The bits that are set in either number.",
        origin=Origin.HERITAGE,
        parameters=(_bits("value1"), _bits("value2")),
        implementation=Eager(apply=_bit_or),
    ),
    Function(
        name="CNum",
        meaning="The number that a text spells; anything else fails the object.",
        origin=Origin.HERITAGE,
        parameters=(Parameter(name="value"),),
        implementation=Eager(apply=_c_num),
    ),
    Function(
        name="ConvertFromBase64",
        meaning="The text in Base64; its bytes are Unicode (UTF-16), ASCII or UTF8.",
        origin=Origin.HERITAGE,
        parameters=(_SOURCE, Parameter(name="encoding", presence=Presence.OPTIONAL, reader=encoding)),
        implementation=Eager(apply=_from_base64),
    ),
    Function(
        name="ConvertFromUTF8Hex",
        meaning="The text in hexadecimal UTF-8 bytes.",
        origin=Origin.HERITAGE,
        parameters=(_SOURCE,),
        implementation=Eager(apply=_from_utf8_hex),
    ),
    Function(
        name="DNComponent",
        meaning="The value of one part of a distinguished name, counted from the left.",
        origin=Origin.HERITAGE,
        parameters=(Parameter(name="dn"), Parameter(name="ComponentNumber", takes=Takes.WHOLE_NUMBER)),
        implementation=Eager(apply=_dn_component),
    ),
    Function(
        name="IsBitSet",
        meaning="Whether a bit of the flag is set in the value.",
        origin=Origin.HERITAGE,
        parameters=(_bits("value"), _bits("flag")),
        implementation=Eager(apply=_is_bit_set, yields=Yields.BOOLEAN),
    ),
    Function(
        name="IsDate",
        meaning="Whether CDate can read the value.",
        origin=Origin.HERITAGE,
        parameters=(_EXPRESSION,),
        implementation=Eager(apply=_is_date, yields=Yields.BOOLEAN),
    ),
    Function(
        name="IsEmpty",
        meaning="Whether the attribute has no value at all.",
        origin=Origin.HERITAGE,
        parameters=(Parameter(name="expression", takes=Takes.VALUE),),
        implementation=Eager(apply=_is_empty, yields=Yields.BOOLEAN),
    ),
    Function(
        name="IsGuid",
        meaning="Whether the value is a GUID with its dashes.",
        origin=Origin.HERITAGE,
        parameters=(_EXPRESSION,),
        implementation=Eager(apply=_is_guid, yields=Yields.BOOLEAN),
    ),
    Function(
        name="IsNumeric",
        meaning="Whether the value is a number.",
        origin=Origin.HERITAGE,
        parameters=(_EXPRESSION,),
        implementation=Eager(apply=_is_numeric, yields=Yields.BOOLEAN),
    ),
    Function(
        name="StringFromSid",
        meaning="The security identifier S-1-… that the bytes in Base64 stand for.",
        origin=Origin.HERITAGE,
        parameters=(Parameter(name="objectSid"),),
        implementation=Eager(apply=_sid),
    ),
)
