"""Public names of a package, each imported from its module when it is first asked for.

Importing a room of the library then costs nothing, and asking for a name costs what its own module needs: SciPy's
optimisers take longer to import than most analyses take to run.
"""

import sys
from collections.abc import Callable, Mapping
from importlib import import_module


def lazy_names(package: str, homes: Mapping[str, str]) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
    """Return a package's `__getattr__` and `__dir__`, given the names that each of its modules holds.

    Parameters
    ----------
    package
        The package's `__name__`.
    homes
        For each module of the package the public names in it, parted by spaces; a module without any is public itself.
        No name may be that of a module, for the module would take its place once imported.
    """
    home_of = {name: module for module, names in homes.items() for name in names.split()}
    modules = {module for module, names in homes.items() if not names}

    def get_name(name: str) -> object:
        if name in modules:
            return import_module(f"{package}.{name}")
        if name not in home_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(f"{package}.{home_of[name]}"), name)
        setattr(sys.modules[package], name, value)  # so that it is looked up once
        return value

    return get_name, lambda: sorted([*home_of, *modules])
