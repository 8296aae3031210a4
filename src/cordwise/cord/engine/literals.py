"""Numbers written in a function, in the precision of what the function is given."""

import ast
import inspect
import textwrap
from collections.abc import Callable
from types import FunctionType
from typing import Any

from numba import types
from numba.extending import intrinsic

_NAME = "_in_precision_of"


@intrinsic
def in_precision_of(_context: Any, example: types.Type, number: types.Type) -> Any:
    """Return a number in the precision of an example: a float, an array of floats, or a tuple of floats."""
    kind = example if isinstance(example, types.Float) else getattr(example, "dtype", types.float64)

    def cast(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return context.cast(builder, arguments[1], signature.args[1], kind)

    return kind(example, number), cast


class _Typed(ast.NodeTransformer):
    """Wrap every number but those that count: subscripts, exponents and ranges."""

    def __init__(self, example: str) -> None:
        self.example = example

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        if isinstance(node.value, bool) or not isinstance(node.value, int | float):
            return node
        return ast.parse(f"{_NAME}({self.example}, {node.value!r})", mode="eval").body

    def visit_Subscript(self, node: ast.Subscript) -> ast.AST:
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        node.left = self.visit(node.left)
        if not isinstance(node.op, ast.Pow):
            node.right = self.visit(node.right)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        return node if getattr(node.func, "id", None) == "range" else self.generic_visit(node)


def with_typed_literals(function: Callable[..., Any]) -> Callable[..., Any]:
    """Return the function with its numbers in the precision of its first argument."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(function)))
    definition = tree.body[0]
    assert isinstance(definition, ast.FunctionDef)
    definition.decorator_list, definition.returns = [], None
    for argument in definition.args.args:
        argument.annotation = None
    definition.body = [_Typed(definition.args.args[0].arg).visit(line) for line in definition.body]
    code = compile(ast.fix_missing_locations(tree), inspect.getfile(function), "exec")
    body = next(each for each in code.co_consts if inspect.iscode(each))
    names = {**function.__globals__, _NAME: in_precision_of}  # ty: ignore[unresolved-attribute]
    return FunctionType(body, names, definition.name)
