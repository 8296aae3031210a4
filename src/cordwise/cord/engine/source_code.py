"""Rewrite functions for the compiler: numbers in the precision at hand, places of arrays never counted back.

In Python `1 - x` keeps the precision of `x` and `block[i]` may count from the end.  A compiled loop would turn the
first into double precision, and would test for the second at every access, which keeps it from using vectors.
"""

# ruff: noqa: ANN401 - what a compiler hands to its extensions has no types
import ast
import inspect
import textwrap
from collections.abc import Callable
from types import FunctionType
from typing import Any

from numba import types
from numba.extending import intrinsic

_PRECISION, PLACE = "_in_precision_of", "_place"


@intrinsic
def in_precision_of(_context: Any, example: types.Type, number: types.Type) -> Any:
    """Return a number in the precision of an example: a float, an array of floats, or a tuple of floats."""
    kind = example if isinstance(example, types.Float) else getattr(example, "dtype", types.float64)

    def cast(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return context.cast(builder, arguments[1], signature.args[1], kind)

    return kind(example, number), cast


@intrinsic
def place(_context: Any, index: types.Type) -> Any:
    """Return an index, which is not negative, as one that cannot be."""

    def cast(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return context.cast(builder, arguments[0], signature.args[0], types.uintp)

    return types.uintp(index), cast


class _Places(ast.NodeTransformer):
    """Mark the one index of an array as not negative."""

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        if not isinstance(node.slice, ast.Tuple | ast.Slice | ast.Constant):
            node.slice = ast.Call(ast.Name(PLACE, ast.Load()), [node.slice], [])
        return node


class _Numbers(_Places):
    """Wrap every number but those that count: subscripts, exponents and ranges."""

    def __init__(self, example: str) -> None:
        self.example = example

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            return node
        return ast.parse(f"{_PRECISION}({self.example}, {node.value!r})", mode="eval").body

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        node.left = self.visit(node.left)
        if not isinstance(node.op, ast.Pow):
            node.right = self.visit(node.right)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        return node if getattr(node.func, "id", None) == "range" else self.generic_visit(node)


def marks(in_precision_of: Callable[..., Any], place: Callable[..., Any]) -> dict[str, Callable[..., Any]]:
    """Return the names that mark numbers and places, with what a compiler is to take for them."""
    return {_PRECISION: in_precision_of, PLACE: place}


def with_typed_numbers(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function with its numbers in the precision of its first argument, and its indices not negative."""
    return _rewritten(function, lambda definition: _Numbers(definition.args.args[0].arg))


def with_places(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function with its indices not negative."""
    return _rewritten(function, lambda _: _Places())


def _rewritten(
    function: Callable[..., Any], transformer: Callable[[ast.FunctionDef], ast.NodeTransformer]
) -> Callable[..., Any]:
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    definition = tree.body[0]
    assert isinstance(definition, ast.FunctionDef)
    definition.decorator_list, definition.returns = [], None
    for argument in definition.args.args:
        argument.annotation = None
    change = transformer(definition)
    definition.body = [change.visit(line) for line in definition.body]
    code = compile(ast.fix_missing_locations(tree), inspect.getfile(function), "exec")
    body = next(each for each in code.co_consts if inspect.iscode(each))
    names = {**function.__globals__, **marks(in_precision_of, place)}  # ty: ignore[missing-attribute]
    return FunctionType(body, names, definition.name)
