"""How the package is built, read from its source: lines by room, long files and functions, names, circles of imports.

`python verification/house.py` prints it; `tests/test_house.py` holds the package to the rules of the house.
"""

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src" / "cordwise"
SAYS_NOTHING = frozenset({"utils", "helpers", "core", "manager", "common", "misc"})
"""Names of modules that tell no reader what lies in them."""
MOST_LINES_OF_A_FILE, MOST_LINES_OF_A_FUNCTION, MOST_OF_A_ROOM = 500, 80, 0.2


@dataclass(frozen=True)
class Module:
    """One file of the package: its dotted name, where it lies, and its text."""

    name: str
    path: Path
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """Return the parsed source."""
        return ast.parse(self.text)

    @property
    def lines(self) -> int:
        """Return the number of lines, blank ones and docstrings included."""
        return self.text.count("\n")

    @property
    def room(self) -> str:
        """Return the room it lies in, blank for the few files outside all rooms."""
        parts = self.path.relative_to(SOURCE).parts
        return parts[0] if len(parts) > 1 else ""


def modules() -> dict[str, Module]:
    """Return every module of the package by its name."""
    found = {}
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = Module(name, path, path.read_text(encoding="utf-8"))
    return found


def lines_by_room(package: Mapping[str, Module]) -> dict[str, int]:
    """Return the lines of each room, the largest first."""
    lines: dict[str, int] = defaultdict(int)
    for module in package.values():
        lines[module.room or "(no room)"] += module.lines
    return dict(sorted(lines.items(), key=lambda item: -item[1]))


def functions(module: Module) -> Iterator[tuple[str, int]]:
    """Yield the name of every function and method with its lines, docstring and decorators included."""
    for node in ast.walk(module.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            yield node.name, (node.end_lineno or node.lineno) - first + 1


def public_classes(module: Module) -> Iterator[str]:
    """Yield the classes of a module whose names do not begin with an underscore."""
    for node in module.tree.body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield node.name


def docstring(path: Path) -> str:
    """Return the docstring that opens a file, blank where there is no file or no docstring."""
    return (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "") if path.is_file() else ""


def imports(module: Module, package: Mapping[str, Module]) -> set[str]:
    """Return the modules of the package that a module imports, anywhere in it and also for type checkers only."""
    found = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            found |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{each.name}" for each in node.names}
            found |= {each if each in package else node.module for each in inner}
    return {each for each in found if each in package and each != module.name}


def circles(package: Mapping[str, Module]) -> list[tuple[str, ...]]:
    """Return the circles of imports among siblings: rooms, folders and files of one folder that need one another."""
    edges: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for module in package.values():
        for target in imports(module, package):
            _add(edges, module.name.split("."), target.split("."))
    return [circle for siblings in edges.values() for circle in _strongly_connected(siblings)]


def _add(edges: dict[str, dict[str, set[str]]], one: list[str], other: list[str]) -> None:
    """Add an import to the graph of the folder in which importer and imported part ways."""
    shared = next((at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]), None)
    if shared is not None:  # else a package and a module in it
        parent = ".".join(one[:shared])
        edges[parent][f"{parent}.{one[shared]}"].add(f"{parent}.{other[shared]}")


def _strongly_connected(graph: Mapping[str, set[str]]) -> list[tuple[str, ...]]:
    reach = {node: _reachable(graph, node) for node in graph}
    groups = {
        tuple(sorted(other for other in reach[node] if node in reach.get(other, set())))
        for node in graph
        if node in reach[node]
    }
    return sorted(groups)


def _reachable(graph: Mapping[str, set[str]], start: str) -> set[str]:
    found: set[str] = set()
    ahead = list(graph.get(start, ()))
    while ahead:
        node = ahead.pop()
        if node not in found:
            found.add(node)
            ahead += graph.get(node, ())
    return found


def report() -> str:
    """Return the lines of each room with their share, the longest files and functions, and the circles."""
    package = modules()
    rooms, whole = lines_by_room(package), sum(each.lines for each in package.values())
    longest = sorted(package.values(), key=lambda each: -each.lines)[:3]
    functions_found = [(lines, f"{each.name}.{name}") for each in package.values() for name, lines in functions(each)]
    found = circles(package)
    return "\n".join(
        [
            f"{len(package)} files, {whole} lines",
            *(f"  {room:<12} {lines:>6}  {lines / whole:6.1%}" for room, lines in rooms.items()),
            "longest files: " + ", ".join(f"{each.name} {each.lines}" for each in longest),
            "longest functions: " + ", ".join(f"{name} {lines}" for lines, name in sorted(functions_found)[:-4:-1]),
            f"circles of imports: {len(found)}",
            *(f"  {' <-> '.join(each)}" for each in found),
        ]
    )


if __name__ == "__main__":
    sys.stdout.write(report() + "\n")
