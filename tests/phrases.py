"""The sentences that messaging and the window's own errors say: where each is used, read from the sources."""

import ast
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import desktop
import messaging
from desktop.text.recognised import others
from messaging.phrases import sentences

ROOTS = (Path(messaging.__file__).parent, Path(desktop.__file__).parent)
ON_TERMINALS = {"bootstrap", "commands", "demo", "arguments.py", "__main__.py"}  # no window shows what these say


class Use(NamedTuple):
    where: str
    code: str
    values: frozenset[str]


def translatable() -> list[str]:
    """Templates that a window may show, each once, in the order of the alphabet."""
    codes = {use.code for path in sources() for use in of_file(path)}
    return sorted({sentences()[code] for code in codes} | set(others()))


def sources(*, with_terminals: bool = False) -> Iterator[Path]:
    for root in ROOTS:
        for path in sorted(root.rglob("*.py")):
            if with_terminals or not ON_TERMINALS & set(path.relative_to(root).parts):
                yield path


def of_file(path: Path) -> Iterator[Use]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "phrase":
            code = node.args[0].value if isinstance(node.args[0], ast.Constant) else ast.unparse(node.args[0])
            yield Use(f"{path.name}:{node.lineno}", str(code), frozenset(str(word.arg) for word in node.keywords))
