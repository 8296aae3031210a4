"""What a mistake in a file is called: its place in the words of the file, and each place once."""

from typing import Annotated, Literal

import pytest
from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError

from cordwise.base.toml import faults_from


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid")
    colour: str = ""


class _File(BaseModel):
    size: Literal["small", "large"] | Annotated[float, Field(le=2)] | None = None
    shares: dict[Literal["A", "B"], float] = {}
    rows: Annotated[tuple[_Row, ...], Field(validation_alias=AliasChoices("rows", "row"))] = ()


def _faults(values):
    with pytest.raises(ValidationError) as caught:
        _File.model_validate(values)
    return faults_from(caught.value, "x.toml", _File)


def test_a_value_of_several_forms_is_one_fault_that_names_them_all():
    (fault,) = _faults({"size": "smal"})
    assert fault.where == "x.toml: size"
    assert fault.expected == "'small' or 'large', or a number"
    assert "small" in fault.advice
    (fault,) = _faults({"size": 3})
    assert fault.expected == "'small' or 'large', or a number of 2 or less"


def test_a_wrong_key_of_a_mapping_has_the_key_as_its_place():
    (fault,) = _faults({"shares": {"C": 1.0}})
    assert fault.where == "x.toml: shares.C"


def test_an_unknown_key_under_another_name_of_a_list_is_answered_with_the_keys_known_there():
    (fault,) = _faults({"row": [{"colours": "x"}]})
    assert fault.where == "x.toml: row[0].colours"
    assert fault.expected == "one of colour"
