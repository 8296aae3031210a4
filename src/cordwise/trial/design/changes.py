"""Changes to the tables of a design, as Python gives them and as a TOML file can hold them."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import numpy as np

from cordwise.base.errors import Fault, InputError

Tables = dict[str, Any]


def merged(tables: Mapping[str, Any], changes: Mapping[str, Any]) -> Tables:
    """Return the tables with changes put in: tables merge key by key, lists and values replace, None removes a key."""
    whole = dict(tables)
    for key, change in changes.items():
        before = whole.get(key)
        if change is None:
            whole.pop(key, None)
        elif isinstance(change, Mapping) and isinstance(before, Mapping):
            whole[key] = merged(before, change)
        else:
            whole[key] = as_toml(change)
    return whole


def as_toml(value: object) -> Any:  # noqa: ANN401 - any value of a TOML file
    """Return a value as a TOML file holds it: keys without a value are left out, tuples and arrays are lists."""
    if is_dataclass(value) and not isinstance(value, type):
        return as_toml({each.name: getattr(value, each.name) for each in fields(value)})
    if isinstance(value, Mapping):
        return {str(key): as_toml(each) for key, each in value.items() if each is not None}
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    return [as_toml(each) for each in value] if isinstance(value, list | tuple) else value


def at_path(tables: Mapping[str, Any], path: str, value: object) -> Tables:
    """Return the change that puts a value at a dotted path, for `merged`.

    A step into a list of tables is a number, counted from 0, or the name of one of them: `arms.cells.dose_cells`.

    Raises
    ------
    InputError
        The path leads nowhere.
    """
    first, _, rest = path.partition(".")
    if not rest:
        return {first: value}
    inner = tables.get(first, {})
    if isinstance(inner, list):
        return {first: _in_list(inner, rest, value, path)}
    if not isinstance(inner, Mapping):
        raise InputError([Fault(path, f"a table at {first}", repr(inner), is_argument=True)])
    return {first: at_path(inner, rest, value)}


def _in_list(items: list[Any], path: str, value: object, whole: str) -> list[Any]:
    known = [
        str(each.get("name", place)) if isinstance(each, Mapping) else str(place) for place, each in enumerate(items)
    ]
    names = sorted({*known, *map(str, range(len(items)))}, key=len, reverse=True)  # names may hold dots
    step = next((name for name in names if path == name or path.startswith(f"{name}.")), None)
    if step is None:
        expected = f"the name of one of {', '.join(known)}, or its number, counted from 0"
        raise InputError([Fault(whole, expected, path, is_argument=True)])
    place = known.index(step) if step in known else int(step)
    rest, changed = path[len(step) + 1 :], list(items)
    changed[place] = merged(items[place], at_path(items[place], rest, value)) if rest else as_toml(value)
    return changed
