"""A window of one day is one number, also in the rules that look at it before the schema does."""

import pytest

from cordwise.base.errors import InputError
from cordwise.trial.design.file import read_design
from paths import ROOT

DESIGN = (ROOT / "designs" / "subacute_msc.toml").read_text()


def read(folder, *changes):
    text = DESIGN
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    path = folder / "design.toml"
    path.write_text(text)
    return read_design(path)


def baseline():
    return next(line for line in DESIGN.splitlines() if line.startswith("baseline_day"))


def test_one_day_of_baseline_needs_no_list(tmp_path):
    assert read(tmp_path, (baseline(), "baseline_day = 10")).population.baseline_day == (10.0, 10.0)


def test_visits_before_a_baseline_of_one_day_are_named(tmp_path):
    with pytest.raises(InputError, match="baseline window ends on day 360"):
        read(tmp_path, (baseline(), "baseline_day = 360"))
