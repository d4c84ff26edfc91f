"""What keeps the code readable for a stranger: one name for each thing, small rooms, small functions."""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from tests.helpers.checkouts import ROOT

PRODUCT = [path for name in ("desktop", "messaging") for path in sorted((ROOT / name).rglob("*.py"))]
MOST_MODULES = 17  # of one folder; commands are one module each and stand apart
MOST_LINES = 330  # of a file
MOST_FUNCTION = 60  # lines
RETIRED = {
    "answers",
    "asker",
    "askers",
    "courier",
    "deaths",
    "desk",
    "distrust",
    "doors",
    "finding",
    "follower",
    "follow",
    "given",
    "hearing",
    "kept",
    "life",
    "line",
    "links",
    "lookout",
    "panes",
    "placing",
    "station",
    "strip",
    "taking",
    "takers",
    "trial",
    "vouched",
    "wish",
    "wishes",
}  # names that the glossary in messaging/README.md has replaced


def test_no_module_has_a_retired_name() -> None:
    """Five modules were called words, and five steps: by what they hold is better."""
    assert [str(path.relative_to(ROOT)) for path in PRODUCT if path.stem in RETIRED | {"words", "steps"}] == []


def test_no_class_has_a_retired_name() -> None:
    named = [
        name for _, name in _classes() if "_".join(_words(name)) in RETIRED or _words(name)[-1] in ("desk", "kept")
    ]
    assert named == []


def test_no_two_classes_share_a_public_name() -> None:
    count = Counter(name for _, name in _classes() if not name.startswith("_"))
    assert [name for name, times in count.items() if times > 1] == []


def test_no_room_has_too_many_modules() -> None:
    rooms: dict[Path, int] = defaultdict(int)
    for path in PRODUCT:
        rooms[path.parent] += path.stem != "__init__"
    del rooms[ROOT / "messaging/commands"]
    assert [str(room.relative_to(ROOT)) for room, count in rooms.items() if count > MOST_MODULES] == []


def test_each_room_says_what_it_is_for() -> None:
    rooms = {path.parent for path in PRODUCT}
    silent = [room for room in sorted(rooms) if not _docstring(room / "__init__.py")]
    assert [str(room.relative_to(ROOT)) for room in silent] == []


def test_files_and_functions_are_small() -> None:
    files = [str(path) for path in PRODUCT if len(path.read_text("utf-8").splitlines()) > MOST_LINES]
    functions = [f"{path}: {name}" for path, name, length in _functions() if length > MOST_FUNCTION]
    assert files + functions == []


def _docstring(path: Path) -> str | None:
    return ast.get_docstring(ast.parse(path.read_text("utf-8"))) if path.exists() else None


def _nodes() -> Iterator[tuple[Path, ast.AST]]:
    for path in PRODUCT:
        if "versions" in path.parts:  # a released migration is never changed
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            yield path, node


def _classes() -> Iterator[tuple[Path, str]]:
    return ((path, node.name) for path, node in _nodes() if isinstance(node, ast.ClassDef))


def _functions() -> Iterator[tuple[Path, str, int]]:
    for path, node in _nodes():
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield path, node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def _words(name: str) -> list[str]:
    """`OrderDesk` as order, desk."""
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+", name)]
