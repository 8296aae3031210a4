"""Typed values as plain JSON values, and back: the one way a result is written and read."""

import math
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, TypeVar

import numpy as np

from cordwise.base.result import Result

Value = TypeVar("Value")

OMIT_NONE: Mapping[str, bool] = {"omit_none": True}
"""Metadata of a field that is left out of JSON where it is None: `field(default=None, metadata=OMIT_NONE)`."""
OMIT_FALSE: Mapping[str, bool] = {"omit_false": True}
"""Metadata of a field that is left out of JSON where it is False: what few files ask for."""
HIDDEN: Mapping[str, bool] = {"hidden": True}
"""Metadata of a field that never enters JSON: what only the running program needs."""


def keyed(key: str) -> Mapping[str, str]:
    """Return the metadata of a field whose key in JSON is no name in Python, such as `with`.

    Its type is `Annotated[..., pydantic.Field(alias=key)]`, so that `from_plain` finds it again.
    """
    return {"key": key}


def to_plain(value: object) -> Any:  # noqa: ANN401 - any JSON value
    """Return a value as JSON holds it: dataclasses as objects in the order of their fields, arrays as lists.

    A result opens with its `kind`. A number that does not exist (NaN, infinity) becomes None.
    """
    if is_dataclass(value) and not isinstance(value, type):
        return ({"kind": value.kind} if isinstance(value, Result) else {}) | {
            each.metadata.get("key", each.name): to_plain(found)
            for each in fields(value)
            if not each.metadata.get("hidden")
            for found in (getattr(value, each.name),)
            if not (found is None and each.metadata.get("omit_none"))
            if not (found is False and each.metadata.get("omit_false"))
        }
    if isinstance(value, Mapping):
        return {str(key): to_plain(each) for key, each in value.items()}
    if isinstance(value, np.ndarray | np.generic):
        return to_plain(value.tolist())
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, list | tuple):
        return [to_plain(each) for each in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def from_plain(kind: type[Value], value: object) -> Value:
    """Return a typed value from plain JSON values; keys that it does not know are passed over.

    Raises
    ------
    InputError
        A key is missing or holds something else than the type asks for; every fault is named.
    """
    from pydantic import TypeAdapter, ValidationError

    from cordwise.base.errors import InputError
    from cordwise.base.toml import faults_from

    try:
        return TypeAdapter(kind).validate_python(value)
    except ValidationError as error:
        raise InputError(faults_from(error, "results.json")) from None
