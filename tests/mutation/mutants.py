"""Mutants of a module: each differs from it in one place inside a function: a comparison, constant, call, statement."""

import ast
import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import singledispatch

EXCHANGED: dict[type[ast.AST], type[ast.AST]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
}
CALLS = {"any": "all", "all": "any", "min": "max", "max": "min"}
DROPPED = (ast.Expr, ast.Assign, ast.AugAssign, ast.Return, ast.Raise, ast.Delete, ast.Continue)

Change = tuple[str, Callable[[ast.AST], None]]


@dataclass(frozen=True)
class Mutant:
    """`mutation` says what differs, in words that stay the same while lines move."""

    line: int
    function: str
    mutation: str
    tree: ast.Module


def mutants(source: str) -> Iterator[Mutant]:
    tree = ast.parse(source)
    places = {id(node): number for number, node in enumerate(ast.walk(tree))}
    for function, statement, node in _inside(tree, "", None):
        for words, change in (*_changes(node), *_drops(node)):
            mutant = copy.deepcopy(tree)
            change(list(ast.walk(mutant))[places[id(node)]])
            mutation = f"{words}: {ast.unparse(statement).splitlines()[0][:100]}"
            yield Mutant(
                getattr(node, "lineno", statement.lineno), function, mutation, ast.fix_missing_locations(mutant)
            )


def _inside(parent: ast.AST, function: str, within: ast.stmt | None) -> Iterator[tuple[str, ast.stmt, ast.AST]]:
    """Each node of a function with that function and its statement, without types, texts, logs and asserts."""
    for node in ast.iter_child_nodes(parent):
        if _is_left_alone(node, parent):
            continue
        name, statement = function, within
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            name = f"{function}.{node.name}" if function else node.name
            statement = node if isinstance(node, ast.FunctionDef) else None
        elif statement is not None:
            statement = node if isinstance(node, ast.stmt) else statement
            yield function, statement, node
        yield from _inside(node, name, statement)


def _is_left_alone(node: ast.AST, parent: ast.AST) -> bool:
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant) or ast.unparse(node).startswith("LOG.")
    if isinstance(node, ast.ClassDef):
        return any(isinstance(base, ast.Name) and base.id == "Protocol" for base in node.bases)
    types = (getattr(parent, "annotation", None), getattr(parent, "returns", None))
    return isinstance(node, ast.Assert | ast.JoinedStr) or node in (*types, *getattr(parent, "decorator_list", ()))


@singledispatch
def _changes(_node: ast.AST) -> Iterator[Change]:
    yield from ()


@_changes.register
def _(node: ast.Compare) -> Iterator[Change]:
    for nth, one in enumerate(node.ops):
        yield "comparison turned", _set(ops=[*node.ops[:nth], EXCHANGED[type(one)](), *node.ops[nth + 1 :]])


@_changes.register(ast.BoolOp)
@_changes.register(ast.BinOp)
@_changes.register(ast.AugAssign)
def _(node: ast.BoolOp | ast.BinOp | ast.AugAssign) -> Iterator[Change]:
    if type(node.op) in EXCHANGED:
        yield "operator exchanged", _set(op=EXCHANGED[type(node.op)]())


@_changes.register
def _(node: ast.Constant) -> Iterator[Change]:
    if isinstance(node.value, bool | int | float):
        new = not node.value if isinstance(node.value, bool) else node.value + 1
        yield f"{node.value} made {new}", _set(value=new)


@_changes.register(ast.If)
@_changes.register(ast.IfExp)
def _(node: ast.If | ast.IfExp) -> Iterator[Change]:
    yield "branches exchanged", _set(test=ast.UnaryOp(ast.Not(), node.test))


@_changes.register
def _(node: ast.comprehension) -> Iterator[Change]:
    if node.ifs:
        turned = ast.UnaryOp(ast.Not(), ast.BoolOp(ast.And(), node.ifs) if len(node.ifs) > 1 else node.ifs[0])
        yield "condition turned", _set(ifs=[turned])


@_changes.register
def _(node: ast.Call) -> Iterator[Change]:
    if isinstance(node.func, ast.Name) and node.func.id in CALLS:
        yield f"{node.func.id} exchanged", _set(func=ast.Name(CALLS[node.func.id], ast.Load()))


def _drops(node: ast.AST) -> Iterator[Change]:
    if isinstance(node, DROPPED):
        yield "dropped", _drop


def _set(**values: object) -> Callable[[ast.AST], None]:
    return lambda node: node.__dict__.update(values)


def _drop(node: ast.AST) -> None:
    """In its place stands a statement without effect: a name that it would have set stays as it was."""
    node.__class__ = ast.Pass
    node.__dict__ = {name: value for name, value in node.__dict__.items() if name in ast.Pass._attributes}
