"""The border of the program: reads a user's TOML file and turns every mistake in it into a fault with its place."""

import difflib
import json
import os
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from cordwise.base.errors import Fault, InputError

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError
    from pydantic_core import ErrorDetails

_UNKNOWN_KEY = ("extra_forbidden", "unexpected_keyword_argument")  # of a model, of a dataclass
_LONGEST_SHOWN = 60  # characters of a wrong value that an error repeats

# What pydantic adds to a place where a value may have several forms.
_TAG = re.compile(
    r"(?:literal|list|tuple|dict|set|nullable|chain|lax-or-strict|function-[a-z]+)\[.*|\[key\]|constrained-[a-z]+|[A-Z]\w*Table"
)
_PLAIN_TAGS = frozenset({"float", "int", "str", "bool", "none"})

_EXPECTED: Mapping[str, str] = {
    "bool_type": "true or false",
    "dataclass_type": "a table",
    "date_type": "a date",
    "dict_type": "a table",
    "finite_number": "a finite number",
    "float_parsing": "a number",
    "float_type": "a number",
    "greater_than": "a number above {gt}",
    "greater_than_equal": "a number of {ge} or more",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "int_type": "a whole number",
    "less_than": "a number below {lt}",
    "less_than_equal": "a number of {le} or less",
    "list_type": "a list",
    "literal_error": "{expected}",
    "enum": "{expected}",
    "model_type": "a table",
    "string_too_short": "some text",
    "string_type": "text in quotes",
    "too_long": "at most {max_length} of these",
    "too_short": "at least {min_length} of these",
    "tuple_type": "a list",
}


def read_toml(path: Path) -> dict[str, Any]:
    """Return the tables of a TOML file; a file that is missing, unreadable or not TOML is one fault."""
    return toml_tables(toml_bytes(path), path)


def toml_bytes(path: Path) -> bytes:
    """Return the bytes of a TOML file; a file that is missing or unreadable is one fault."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        fault = Fault(str(path), "a TOML file", "no such file", _did_you_mean(path.name, _neighbours(path)))
    except OSError as error:
        fault = Fault(str(path), "a TOML file that can be read", os.strerror(error.errno or 0))
    raise InputError([fault])


def toml_tables(data: bytes, path: Path | str) -> dict[str, Any]:
    """Return the tables of the bytes of a TOML file; bytes that are not TOML are one fault."""
    try:
        return tomllib.loads(data.decode())
    except UnicodeDecodeError:
        fault = Fault(str(path), "UTF-8 text", "other bytes", "Save the file as UTF-8.")
    except RecursionError:
        fault = Fault(str(path), "TOML", "lists or tables nested too deep", "Check that every bracket is closed.")
    except ValueError as error:  # not only of TOML: a whole number of thousands of digits is refused by Python
        fault = Fault(str(path), "TOML", f"text that is not: {error}", "Check quotes, brackets and '=' near there.")
    raise InputError([fault])


def faults_from(error: "ValidationError", path: Path | str, model: "type[BaseModel] | None" = None) -> list[Fault]:
    """Return one fault for each mistake pydantic found.

    Parameters
    ----------
    error
        What pydantic raised.
    path
        The file (or form) the values came from; opens every fault's place.
    model
        The schema; with it an unknown key is answered with the keys that are known there.
    """
    faults: list[Fault] = []
    of_choice: dict[str, int] = {}  # number of the fault that tells all forms a value may have, by place
    for detail in error.errors(include_url=False):
        if _follows_from_another(detail):
            continue
        loc = without_tags(detail["loc"])
        fault = _fault({**detail, "loc": loc}, path, model)
        if loc == detail["loc"]:
            faults.append(fault)
        elif fault.where in of_choice:
            known = faults[of_choice[fault.where]]
            expected = known.expected if fault.expected in known.expected else f"{known.expected}, or {fault.expected}"
            faults[of_choice[fault.where]] = replace(known, expected=expected, advice=known.advice or fault.advice)
        else:
            of_choice[fault.where] = len(faults)
            faults.append(fault)
    return faults


def without_tags(loc: Iterable[int | str]) -> tuple[int | str, ...]:
    """Return a place of pydantic without the names that it gives to the forms a value may have."""
    steps = tuple(step for step in loc if isinstance(step, int) or not _TAG.fullmatch(step))
    return steps[:-1] if steps and steps[-1] in _PLAIN_TAGS else steps


def place(path: Path | str, loc: Iterable[int | str]) -> str:
    """Return where a value stands, as in `designs/x.toml: arms[1].dose_cells`."""
    text = ""
    for step in loc:
        text += f"[{step}]" if isinstance(step, int) else f".{step}"
    return f"{path}: {text.removeprefix('.')}" if text else str(path)


def shown(value: object) -> str:
    """Return a value as an error repeats it: as TOML would write it, cut where it grows long."""
    try:
        text = json.dumps(value, ensure_ascii=False)
    except (TypeError, ValueError):
        text = str(value)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


def _follows_from_another(detail: "ErrorDetails") -> bool:
    """Tell whether a list is called short only because pydantic leaves its faulty items, told already, uncounted."""
    return detail["type"] == "too_short" and len(detail["input"]) >= detail.get("ctx", {})["min_length"]


def _fault(detail: "ErrorDetails", path: Path | str, model: "type[BaseModel] | None") -> Fault:
    where, kind = place(path, detail["loc"]), detail["type"]
    if kind == "missing":
        return Fault(where, "a value", "nothing", "Add this key.")
    if kind in _UNKNOWN_KEY:
        known = _known_keys(model, detail["loc"])
        expected = f"one of {', '.join(known)}" if known else "no such key"
        key = str(detail["loc"][-1])
        return Fault(where, expected, f'the unknown key "{key}"', _did_you_mean(key, known) or "Remove this key.")
    expected, found = _expected(detail), shown(detail["input"])
    return Fault(where, expected, found, _advice(detail, expected))


def _expected(detail: "ErrorDetails") -> str:
    context = {key: _tidy(value) for key, value in detail.get("ctx", {}).items()}
    template = _EXPECTED.get(detail["type"])
    return template.format(**context) if template else detail["msg"].removeprefix("Value error, ")


def _advice(detail: "ErrorDetails", expected: str) -> str:
    if detail["type"] not in {"literal_error", "enum"}:
        return ""
    return _did_you_mean(str(detail["input"]), [choice.strip("' ") for choice in _choices(expected)])


def _choices(expected: str) -> list[str]:
    return expected.replace(" or ", ", ").split(", ")


def _tidy(value: object) -> object:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _did_you_mean(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1)
    return f'Did you mean "{close[0]}"?' if close else ""


def _neighbours(path: Path) -> list[str]:
    return [each.name for each in path.parent.glob("*.toml")] if path.parent.is_dir() else []


def _known_keys(model: "type[BaseModel] | None", loc: tuple[int | str, ...]) -> list[str]:
    """Return the keys the schema knows in the table that holds the key at `loc`."""
    here: object = model
    for step in loc[:-1]:
        here = _table_in(keys[str(step)]) if str(step) in (keys := _keys_of(here) | _aliases_of(here)) else here
    return list(_keys_of(here))


def _keys_of(table: object) -> dict[str, Any]:
    """Return the keys of a table's schema, a model or a dataclass, each with its type."""
    if is_dataclass(table):
        return {field.name: field.type for field in fields(table)}
    return {field.alias or name: field.annotation for name, field in getattr(table, "model_fields", {}).items()}


def _aliases_of(table: object) -> dict[str, Any]:
    """Return the other names of a table's keys, each with its type."""
    known = getattr(table, "model_fields", {}).values()
    aliases = ((getattr(field.validation_alias, "choices", ()), field.annotation) for field in known)
    return {str(name): annotation for names, annotation in aliases for name in names}


def _table_in(annotation: object) -> object:
    """Return the table inside `list[Table]`, `Table | None` and their like; None where there is none."""
    if hasattr(annotation, "model_fields") or (isinstance(annotation, type) and is_dataclass(annotation)):
        return annotation
    return next((found for kind in get_args(annotation) if (found := _table_in(kind)) is not None), None)
