"""The statistics as a public library: every name imports, is described, and knows no disease and no trial file."""

import ast
import doctest
import inspect
import re
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules, walk_packages
from types import FunctionType

import pytest

from cordwise import stats

FOLDER = Path(stats.__file__).parent
ROOMS = [name for name in stats.__all__ if hasattr(getattr(stats, name), "__path__")]
MODULES = [each.name for each in walk_packages(stats.__path__, "cordwise.stats.")]
DESCRIBED = [
    (room, name)
    for room in ROOMS
    for name in getattr(stats, room).__all__
    if isinstance(getattr(getattr(stats, room), name), (type, FunctionType))
]
METHODS = (FunctionType, classmethod, property)
OTHER_ROOMS = (
    "spinal|cords?|isncsci|asia|ais|sygen|emsci|muscles?|myotomes?|dermatomes?|grades?|motor|sensory|neurological|sacral"
    "|injur(y|ies|ed)|lesions?|tissue|stem cells?|cell therap(y|ies)|grafts?|transplants?|uems|lems|scim|wisci"
    "|registr(y|ies)|worlds?|patient bank"
)


def test_importing_the_library_loads_neither_numpy_nor_scipy():
    ask = "import sys, cordwise.stats; print(*sorted({name.split('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", ask], capture_output=True, text=True, check=True).stdout.split()
    assert not {"numpy", "scipy", "jaxtyping", "numba", "polars"} & set(loaded)


def test_every_folder_is_a_room_of_the_library():
    assert {each.name for each in iter_modules(stats.__path__)} == {*stats.__all__, "lazy_names"}
    assert dir(stats) == sorted(stats.__all__)
    assert all((FOLDER / room / "README.md").is_file() for room in (".", *ROOMS))


@pytest.mark.parametrize("room", ROOMS)
def test_a_type_checker_sees_the_names_that_a_room_has(room):
    package = getattr(stats, room)
    blocks = [node for node in ast.parse(inspect.getsource(package)).body if isinstance(node, ast.If)]
    imports = [(node.module, each.name) for node in blocks[0].body for each in node.names]
    assert sorted(name for _, name in imports) == sorted(package.__all__) == dir(package)
    assert all(getattr(import_module(module), name) is getattr(package, name) for module, name in imports)


@pytest.mark.parametrize("room", ["", *ROOMS])
def test_a_name_that_is_not_public_is_refused(room):
    package, name = getattr(stats, room) if room else stats, "no_such_name"
    with pytest.raises(AttributeError, match=f"has no attribute '{name}'"):
        getattr(package, name)


@pytest.mark.parametrize("room", ROOMS)
def test_no_public_name_is_that_of_a_module_which_would_take_its_place(room):
    package = getattr(stats, room)
    assert not {each.name for each in iter_modules(package.__path__)} & set(package.__all__)


@pytest.mark.parametrize(("room", "name"), DESCRIBED)
def test_every_public_function_class_and_method_has_a_summary(room, name):
    described = getattr(getattr(stats, room), name)
    members = vars(described).items() if inspect.isclass(described) else ()
    methods = [each for key, each in members if not key.startswith("_") and isinstance(each, METHODS)]
    for each in (described, *methods):
        summary = (inspect.getdoc(each) or "").split("\n\n")[0]
        assert len(summary) > 10
        assert summary.endswith((".", "?"))


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_of_a_module_hold(module):
    assert doctest.testmod(import_module(module)).failed == 0


def test_every_room_shows_examples():
    finder = doctest.DocTestFinder()
    rooms = {module.split(".")[2] for module in MODULES if any(t.examples for t in finder.find(import_module(module)))}
    assert rooms >= set(ROOMS)


@pytest.mark.parametrize("path", sorted(FOLDER.rglob("*.py")), ids=lambda path: str(path.relative_to(FOLDER)))
def test_no_module_imports_more_of_cordwise_than_its_base(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [each.name for each in node.names] if isinstance(node, ast.Import) else []
        for name in names:
            assert not name.startswith("cordwise.") or name.split(".")[1] in {"base", "stats"}


@pytest.mark.parametrize("ending", ["py", "md", "csv"])
def test_no_file_speaks_of_a_disease_or_of_another_room(ending):
    words = re.compile(rf"\b({OTHER_ROOMS})\b", re.IGNORECASE)
    found = {
        f"{path.relative_to(FOLDER)}: {word[0]}"
        for path in FOLDER.rglob(f"*.{ending}")
        for word in words.finditer(re.sub(r"[_\W]+", " ", path.read_text(encoding="utf-8")))
    }
    assert not found
