"""Scripts of faults: one fault a line, or YAML; and the text in which they are stored.

# what the client shall survive
seed 7
429 on POST /Users, requests 3 to 5, retry-after 2
drop after commit on PATCH, request 2
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from provisor.ringcentral.faults import parsing, telling, wording
from provisor.ringcentral.faults.model import Fault, FaultScript
from provisor.ringcentral.faults.wording import FaultSyntaxError, Given

_SEED = re.compile(r"seed\s*[:=]?\s*(\d{1,18})", re.IGNORECASE)
_TOP = ("seed", "faults")


class FaultScriptError(ValueError):
    """A script that cannot be understood; its text names the file, the line and what to write."""


def of_file(path: Path) -> FaultScript:
    """The script in a file: YAML where its name says so, else lines.

    :raises FaultScriptError: naming file and line.
    :raises OSError: when the file cannot be read.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise FaultScriptError(f"{path}: this is no text in UTF-8.") from None
    return of_yaml(text, str(path)) if path.suffix in (".yaml", ".yml") else of_lines(text, str(path))


def of_lines(text: str, name: str = "the script") -> FaultScript:
    """The script in lines; blank lines and lines that begin with # are skipped.

    :raises FaultScriptError: naming `name` and the line.
    """
    faults: list[Fault] = []
    seed = 0
    for number, line in enumerate(text.splitlines(), 1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        match = _SEED.fullmatch(stripped)
        if match is not None:
            seed = int(match[1])
            continue
        faults.append(_fault(stripped, f"{name}, line {number}"))
    return FaultScript(faults=tuple(dict.fromkeys(faults)), seed=seed)


def lines(script: FaultScript) -> str:
    """The script in lines; the empty string where nothing is in it. `of_lines` reads it back."""
    if not script.faults:
        return ""
    seed = [f"seed {script.seed}"] if script.seed else []
    return "\n".join([*seed, *map(telling.told, script.faults)])


def of_yaml(text: str, name: str = "the script") -> FaultScript:
    """The script in YAML: a list of faults, or `seed` and `faults`; a fault is a text or a mapping of its names.

    :raises FaultScriptError: naming `name` and the line.
    """
    try:
        # nodes and not values: they know their lines, and `on` stays a word
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = "" if mark is None else f", line {mark.line + 1}"
        problem = getattr(error, "problem", None) or "it cannot be read"
        raise FaultScriptError(f"{name}{line}: this is no YAML: {problem}.") from None
    seed, listed = 0, root
    if isinstance(root, yaml.MappingNode):
        members = dict(_members(root, name))
        for key, node in members.items():
            if key not in _TOP:
                raise _error(node, name, f"{key!r} is not understood. {wording.did_you_mean(key, _TOP)}")
        seed, listed = _seed(members.get("seed"), name), members.get("faults")
    if listed is None:
        return FaultScript(seed=seed)
    if not isinstance(listed, yaml.SequenceNode):
        raise _error(listed, name, "a list of faults is expected here.")
    return FaultScript(faults=tuple(dict.fromkeys(_node(item, name) for item in listed.value)), seed=seed)


def _node(node: yaml.Node, name: str) -> Fault:
    where = f"{name}, line {node.start_mark.line + 1}"
    if isinstance(node, yaml.ScalarNode):
        return _fault(node.value, where)
    if not isinstance(node, yaml.MappingNode):
        raise _error(node, name, "a fault is expected here: a text, or names and values.")
    members = dict(_members(node, name))
    whole = members.get("fault")
    try:
        givens = [
            given for key, value in members.items() if key != "fault" for given in _givens(key, value, name)
        ]
        text = "" if whole is None else _scalar(whole, name)
        if whole is None:
            return parsing.built(givens, _pairs(givens))
        return parsing.built([*parsing.givens_of(text), *givens], text)
    except FaultSyntaxError as error:
        raise FaultScriptError(f"{where}: {_sentence(error)}") from None


def _fault(text: str, where: str) -> Fault:
    try:
        return parsing.fault(text)
    except FaultSyntaxError as error:
        raise FaultScriptError(f"{where}: {error}") from None


def _givens(key: str, node: yaml.Node, name: str) -> Iterator[Given]:
    """A value, or each of a list of them."""
    for item in node.value if isinstance(node, yaml.SequenceNode) else [node]:
        yield Given(name=key.casefold().replace("_", "-"), value=_scalar(item, name), column=1)


def _pairs(givens: list[Given]) -> str:
    return ",".join(f"{given.name}={given.value}" for given in givens)


def _sentence(error: FaultSyntaxError) -> str:
    return f"{error.message}." + (f" {error.hint}" if error.hint else "")


def _seed(node: yaml.Node | None, name: str) -> int:
    if node is None:
        return 0
    text = _scalar(node, name)
    if re.fullmatch(r"\d{1,18}", text) is None:
        raise _error(node, name, f"the seed {text!r} is no whole number.")
    return int(text)


def _members(node: yaml.MappingNode, name: str) -> Iterator[tuple[str, yaml.Node]]:
    for key, value in node.value:
        yield _scalar(key, name), value


def _scalar(node: yaml.Node, name: str) -> str:
    if not isinstance(node, yaml.ScalarNode):
        raise _error(node, name, "one value is expected here.")
    return str(node.value)


def _error(node: yaml.Node, name: str, message: str) -> FaultScriptError:
    return FaultScriptError(f"{name}, line {node.start_mark.line + 1}: {message}")
