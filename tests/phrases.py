"""The sentences that messaging and the window's own errors say, as templates: read from the sources."""

import ast
from collections.abc import Iterator
from pathlib import Path

import desktop
import messaging
from messaging.domain.orders import OrderStatus
from messaging.history.records import OrderState
from messaging.warehouse.records import SetAsideState

ROOTS = (Path(messaging.__file__).parent, Path(desktop.__file__).parent)
ON_TERMINALS = {"bootstrap", "commands", "demo", "arguments.py", "__main__.py"}  # no window shows what these say

# What others say inside of our sentences.
FOREIGN = (
    "No such file or directory",
    "Permission denied",
    "Operation not permitted",
    "File exists",
    "Is a directory",
    "Not a directory",
    "No space left on device",
    "Read-only file system",
    "File name too long",
    "Too many open files",
    "Input/output error",
    "Connection refused",
    "Connection reset by peer",
    "Connection timed out",
    "No route to host",
    "Network is unreachable",
    "Name or service not known",
    "Temporary failure in name resolution",
    "No address associated with hostname",
    "timed out",
    "self-signed certificate",
    "self-signed certificate in certificate chain",
    "unable to get local issuer certificate",
    "unable to get issuer certificate",
    "certificate has expired",
    "certificate is not yet valid",
    "Hostname mismatch, certificate is not valid for '{host}'",
    "IP address mismatch, certificate is not valid for '{host}'",
    "wrong version number",
    "record layer failure",
    "unexpected eof while reading",
    "[Errno {number:d}] {what}",
    "Input data was truncated",
    "JSON is malformed: {what} (byte {byte:d})",
    "invalid character",
    "trailing characters",
    "object keys must be strings",
    "trailing comma in array",
    "trailing comma in object",
    "expected ','",
    "expected ',' or ']'",
    "expected ',' or '}}'",
    "expected ':'",
    "expected '\"'",
    "invalid number",
    "invalid escape character in string",
    "Expected `{wanted}`, got `{got}`",
    "Expected `{wanted}`, got `{got}` - at `{path}`",
    "Expected `{wanted}`",
    "Expected `{wanted}` - at `{path}`",
    "Object missing required field `{field}`",
    "Object missing required field `{field}` - at `{path}`",
    "Invalid enum value {value}",
    "Invalid enum value {value} - at `{path}`",
    "'{codec}' codec can't decode byte {byte} in position {position:d}: {what}",
    "invalid start byte",
    "invalid continuation byte",
    "unexpected end of data",
    "newline inside string",
    "unexpected end of data",
    "line contains NUL",
    "field larger than field limit ({limit:d})",
    "invalid literal: {text}",
    "Port could not be cast to integer value as {port!r}",
    "Port out of range 0-65535",
    "Invalid IPv6 URL",
    "memory or disk alarm",
)


class NotATemplate(Exception):
    """A phrase that says too little of itself to become one."""


def collected() -> list[str]:
    """Each once, in the order of the alphabet."""
    states = [*OrderStatus, *OrderState, *SetAsideState]
    found = {template for path in sources() for _, template in of_file(path)}
    return sorted(found | set(FOREIGN) | {state.value for state in states})


def sources() -> Iterator[Path]:
    for root in ROOTS:
        for path in sorted(root.rglob("*.py")):
            if not ON_TERMINALS & set(path.relative_to(root).parts):
                yield path


def of_file(path: Path) -> Iterator[tuple[int, str]]:
    """Line and template."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "phrase":
            try:
                yield node.lineno, _template(node.args[0])
            except NotATemplate as error:
                raise NotATemplate(f"{path.name}:{node.lineno}: {error}") from None


def _template(text: ast.expr) -> str:
    if isinstance(text, ast.Constant) and isinstance(text.value, str):
        return _literal(text)
    if not isinstance(text, ast.JoinedStr):
        raise NotATemplate("give it a literal or an f-string")
    places: dict[str, str] = {}
    return "".join(
        _place(part, places) if isinstance(part, ast.FormattedValue) else _literal(part) for part in text.values
    )


def _literal(part: ast.expr) -> str:
    assert isinstance(part, ast.Constant)
    return str(part.value).replace("{", "{{").replace("}", "}}")


def _place(part: ast.FormattedValue, places: dict[str, str]) -> str:
    name, expression = _name(part.value), ast.unparse(part.value)
    while places.setdefault(name, expression) != expression:
        name += "_"
    spec = ast.unparse(part.format_spec)[2:-1] if part.format_spec else ""
    return f"{{{name}{'!r' if part.conversion == ord('r') else ''}{':' if spec else ''}{spec}}}"


def _name(value: ast.expr) -> str:
    """The last name in the expression; of a call's, that of what it is given."""
    match value:
        case ast.Name(id=name):
            return name.strip("_").lower()
        case ast.Attribute(value=whose, attr="value" | "name") if isinstance(whose, ast.Attribute):
            return _name(whose)
        case ast.Attribute(value=whose, attr="value"):
            return _name(whose)
        case ast.Attribute(attr=name):
            return name.strip("_").lower()
        case ast.Subscript(value=inner) | ast.BoolOp(values=[inner, *_]) | ast.Call(args=[inner, *_]):
            return _name(inner)
        case ast.Call(func=inner):
            return _name(inner)
    raise NotATemplate(f"give a name to {ast.unparse(value)}")
