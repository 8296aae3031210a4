"""Typed values become JSON values and come back as they were."""

from dataclasses import dataclass, field
from typing import Annotated, ClassVar

import numpy as np
import pytest
from pydantic import Field

from cordwise.base.codec import HIDDEN, OMIT_FALSE, OMIT_NONE, from_plain, keyed, to_plain
from cordwise.base.errors import InputError
from cordwise.base.result import Result


@dataclass(frozen=True)
class Worlds:
    without: tuple[float, ...]
    with_cells: Annotated[tuple[float, ...], Field(alias="with")] = field(metadata=keyed("with"))


@dataclass(frozen=True, kw_only=True, repr=False)
class Example(Result):
    kind: ClassVar[str] = "example"
    worlds: Worlds
    note: str | None = field(default=None, metadata=OMIT_NONE)
    rare: bool = field(default=False, metadata=OMIT_FALSE)
    workings: int = field(default=0, metadata=HIDDEN)


def test_a_result_opens_with_its_kind_wherever_it_stands():
    inner = Example(worlds=Worlds((1.0,), (2.0,)))
    assert to_plain({"inner": inner}) == {"inner": {"kind": "example", "worlds": {"without": [1.0], "with": [2.0]}}}


def test_what_is_absent_or_hidden_has_no_key_and_what_does_not_exist_is_none():
    found = to_plain(Example(worlds=Worlds((float("nan"),), (np.float64(2),)), note="told", workings=3))
    assert found == {"kind": "example", "worlds": {"without": [None], "with": [2.0]}, "note": "told"}


def test_what_few_ask_for_has_a_key_where_it_is_asked_for():
    written = to_plain(Example(worlds=Worlds((1.0,), (2.0,)), rare=True))
    assert written["rare"] is True
    assert from_plain(Example, written).rare


def test_a_typed_value_survives_the_way_there_and_back():
    written = to_plain(Example(worlds=Worlds((1.0, 2.0), (3.0,)), note="told"))
    assert to_plain(from_plain(Example, written)) == written


def test_a_missing_part_is_a_fault_with_its_place():
    with pytest.raises(InputError, match=r"worlds\.with"):
        from_plain(Example, {"worlds": {"without": [1.0]}})
