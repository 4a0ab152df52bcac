"""The layers hold: which package may import which, and that rooms stay small enough to be read."""

import ast
import pathlib
import sys

import pytest

SOURCE = pathlib.Path(__file__).parent.parent / "src" / "provisor"

ALLOWED = {
    "scim": set(),
    "core": {"scim"},
    "ports": {"core", "scim"},
    "engine": {"ports", "core", "scim"},
    "sources": {"ports", "core", "scim"},
    "targets": {"ports", "core", "scim"},
    "store": {"ports", "core", "scim", "look"},
    "notifications": {"ports", "core"},
    "gallery": {"core"},
    "runner": {"engine", "ports", "core"},
    "look": set(),
    "ringcentral": {"scim", "look"},
    "portal": {"engine", "ports", "core", "scim", "look"},
}
"""What each package may import of the others; bootstrap, the command line and the demo may import all."""

PURE = {"scim", "core"}
EXCEPTIONS = {("core/expressions/regular_expressions.py", "regex")}
"""The only libraries in the pure packages, each in one module (docs/decisions/0008)."""
VAGUE = {"utils", "helpers", "common", "manager", "base", "misc"}
LONGEST_FILE, LONGEST_FUNCTION = 400, 65  # a command's options are part of its function


def imports(path):
    """(line, dotted name) of everything a module imports."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            if node.module == "provisor":
                yield from ((node.lineno, f"provisor.{alias.name}") for alias in node.names)
            else:
                yield node.lineno, node.module


def violations(root):
    """What breaks the layers below a folder, one sentence each."""
    for path in sorted(root.rglob("*.py")):
        package = path.relative_to(root).parts[0]
        if package not in ALLOWED:
            continue
        for line, name in imports(path):
            top, _, rest = name.partition(".")
            where = f"{path.relative_to(root)}:{line}"
            if top == "provisor":
                other = rest.partition(".")[0]
                if other not in ALLOWED[package] | {package, "__version__", ""}:
                    yield f"{where} imports {name}, which {package} may not"
            elif (
                package in PURE
                and top not in sys.stdlib_module_names
                and (path.relative_to(root).as_posix(), top) not in EXCEPTIONS
            ):
                yield f"{where} imports {name}, which is not of the standard library"


def test_every_arrow_points_the_right_way():
    assert list(violations(SOURCE)) == []


def test_the_check_sees_an_arrow_that_points_the_wrong_way(tmp_path):
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "deciding.py").write_text("import orjson\nfrom provisor.store import tables\n")
    (tmp_path / "targets").mkdir()
    (tmp_path / "targets" / "client.py").write_text("from provisor import sources\n")
    assert list(violations(tmp_path)) == [
        "core/deciding.py:1 imports orjson, which is not of the standard library",
        "core/deciding.py:2 imports provisor.store, which core may not",
        "targets/client.py:1 imports provisor.sources, which targets may not",
    ]


def test_only_bootstrap_the_command_line_and_the_demo_pick_implementations():
    pickers = {"bootstrap.py", "cli", "demo"}
    implementations = {"store", "targets", "sources", "gallery", "runner"}
    found = [
        f"{path.relative_to(SOURCE)}:{line}"
        for path in SOURCE.rglob("*.py")
        for line, name in imports(path)
        if name.startswith("provisor.")
        and name.split(".")[1] in implementations
        and path.relative_to(SOURCE).parts[0] not in pickers | {name.split(".")[1]}
    ]
    assert found == []


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: str(path.relative_to(SOURCE)))
def test_a_room_is_named_for_what_is_in_it_and_can_be_read_in_one_go(path):
    assert path.stem not in VAGUE
    text = path.read_text(encoding="utf-8")
    if "versions" in path.parts:
        return
    assert text.count("\n") <= LONGEST_FILE
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < LONGEST_FUNCTION, node.name
