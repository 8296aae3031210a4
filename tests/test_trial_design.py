"""The design file: what is accepted, and every fault told at once with its place."""

from pathlib import Path

import pytest
from pydantic import BaseModel, ConfigDict, ValidationError

from cordwise.border import faults_from, read_toml
from cordwise.errors import InputError
from cordwise.trial.design import check_design, read_design
from cordwise.trial.plan import plan_trial
from trial_bank import ais_endpoint, raw_design, uems_endpoint

DESIGNS = Path(__file__).parent.parent / "designs"
PLACEBO = {"name": "placebo", "control": "placebo"}
CELLS = {"name": "cells", "product": "autologous_msc", "route": "intravenous", "dose_cells": 1e8, "day": 50}
POPULATION = raw_design()["population"]


def _faults(**changes):
    with pytest.raises(InputError) as caught:
        check_design(raw_design(**changes), "x.toml")
    return {fault.where: fault for fault in caught.value.faults}


@pytest.mark.parametrize("path", sorted(DESIGNS.glob("*.toml")), ids=lambda path: path.stem)
def test_every_shipped_design_reads_and_opens_with_its_question(path):
    design = read_design(path)
    assert path.read_text().startswith("# Question:")
    assert plan_trial(design).scenarios[0].is_null


@pytest.mark.parametrize(
    ("changes", "where", "expected"),
    [
        ({"arms": [PLACEBO, {**CELLS, "dose_cells": -1}]}, "arms[1].dose_cells", "above 0"),
        ({"arms": [PLACEBO, {**CELLS, "route": "oral"}]}, "arms[1].route", "'intravenous'"),
        ({"arms": [PLACEBO, {**CELLS, "day": 30}]}, "arms[1].day", "from day 50 on"),
        ({"arms": [PLACEBO, {**CELLS, "day": 95}]}, "arms[1].day", "before the first visit on day 90"),
        ({"arms": [PLACEBO, {**CELLS, "name": "placebo"}]}, "arms[1].name", "a name of its own"),
        ({"arms": [PLACEBO, {"name": "cells", "product": "autologous_msc"}]}, "arms[1].dose_cells", "a value"),
        ({"arms": [{**PLACEBO, "day": 50}, CELLS]}, "arms[0].day", "nothing in a control arm"),
        ({"arms": [PLACEBO, {**PLACEBO, "name": "sham"}]}, "arms", "one control arm and one treated arm"),
        ({"arms": [PLACEBO]}, "arms", "at least 2"),
        ({"population": {**POPULATION, "grades": ["A", "F"]}}, "population.grades[1]", "'A', 'B', 'C' or 'D'"),
        ({"population": {**POPULATION, "levels": "C9-T1"}}, "population.levels", "two levels"),
        ({"population": {**POPULATION, "levels": "T1-C2"}}, "population.levels", "the upper level first"),
        ({"population": {**POPULATION, "age_years": [70, 18]}}, "population.age_years", "the lower first"),
        ({"followup": {"visits": [30, 225]}}, "followup.visits[0]", "after the baseline window ends on day 50"),
        ({"followup": {"visits": [225, 90, 225]}}, "followup.visits[1]", "on day 225"),
        ({"size": {"total": 0}}, "size.total", "4 or more"),
        ({"size": {"total": 60.5}}, "size.total", "a whole number"),
        ({"endpoints": [ais_endpoint(alpha=1.5)]}, "endpoints[0].alpha", "below 1"),
        ({"endpoints": [ais_endpoint(alpha=0)]}, "endpoints[0].alpha", "above 0"),
        ({"endpoints": [ais_endpoint(day=180)]}, "endpoints[0].day", "one of the visits: 90, 135, 225"),
        ({"endpoints": [uems_endpoint()]}, "endpoints", "one primary endpoint"),
        ({"endpoints": [ais_endpoint(analysis="ancova")]}, "endpoints[0].analysis", "fisher_exact"),
        (
            {"endpoints": [ais_endpoint(), uems_endpoint(missing="non_improver")]},
            "endpoints[1].missing",
            "complete_case",
        ),
        ({"endpoints": [ais_endpoint(missing="complete_case")]}, "endpoints[0].estimand.strategy", "hypothetical"),
        ({"randomisation": {"block_size": 5}}, "randomisation.block_size", "a multiple of 2"),
        ({"randomisation": {"ratio": [1, 2], "block_size": 4}}, "randomisation.block_size", "a multiple of 3"),
        ({"dropout": {"rate": 1, "log_odds_per_motor_point": 0, "source": "s"}}, "dropout.rate", "below 1"),
        ({"scenarios": [{"name": "null", "description": "d", "translation": 1}]}, "scenarios[0].name", "its own"),
        ({"scenarios": [{"name": "s", "description": "d"}]}, "scenarios[0]", "one of translation"),
        ({"scenarios": [{"name": "s", "description": "d", "translation": 2}]}, "scenarios[0].translation", "1 or less"),
        ({"scenarios": [{"name": "s", "description": "d", "assumed_log_odds": 1}]}, "scenarios[0].onset_days", "days"),
        ({"accruall": {}}, "accruall", "one of name"),
    ],
)
def test_a_fault_names_its_place_and_what_was_expected(changes, where, expected):
    faults = _faults(**changes)
    assert expected in faults[f"x.toml: {where}"].expected


def test_all_faults_are_told_at_once_whether_the_schema_or_a_rule_finds_them():
    faults = _faults(size={"total": 0}, followup={"visits": [30, 225]}, arms=[PLACEBO, {**CELLS, "dose_cells": -1}])
    assert {"x.toml: size.total", "x.toml: followup.visits[0]", "x.toml: arms[1].dose_cells"} <= set(faults)
    assert "x.toml: arms" not in faults


def test_an_unknown_key_is_answered_with_the_one_probably_meant():
    fault = _faults(arms=[PLACEBO, {**CELLS, "doze_cells": 1e8}])["x.toml: arms[1].doze_cells"]
    assert 'Did you mean "dose_cells"?' in fault.advice


def test_tables_of_the_wrong_kind_are_faults_and_not_tracebacks():
    wrong = dict.fromkeys(raw_design(), 3) | {"arms": "two", "scenarios": [1], "endpoints": [{"estimand": 4}]}
    assert "x.toml: arms" in _faults(**wrong)


def test_a_missing_file_names_its_neighbour(tmp_path):
    (tmp_path / "trial.toml").write_text("")
    with pytest.raises(InputError, match=r'no such file\s+Did you mean "trial.toml"'):
        read_design(tmp_path / "trail.toml")


@pytest.mark.parametrize(
    ("content", "expected"), [(b"name = ", "TOML"), (b"\xff\xfe", "UTF-8 text"), (b"[a]\n[a]\n", "TOML")]
)
def test_a_file_that_is_not_toml_is_one_fault(tmp_path, content, expected):
    path = tmp_path / "x.toml"
    path.write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_toml(path)
    assert [fault.expected for fault in caught.value.faults] == [expected]


def test_a_folder_is_not_a_design(tmp_path):
    with pytest.raises(InputError, match="can be read"):
        read_toml(tmp_path)


def test_faults_without_a_schema_still_name_the_key():
    class Table(BaseModel):
        model_config = ConfigDict(extra="forbid")

    with pytest.raises(ValidationError) as caught:
        Table.model_validate({"a": 1})
    fault = faults_from(caught.value, "x.toml")[0]
    assert (fault.where, fault.expected) == ("x.toml: a", "no such key")


def test_the_plan_leaves_nothing_optional_and_adds_the_null_scenario():
    plan = plan_trial(check_design(raw_design(), "x.toml"))
    assert [scenario.world for scenario in plan.scenarios] == ["control", "assumed"]
    assert plan.levels == (0, 7)
    assert plan.endpoints[0].visit == 2
    assert plan.treatment.dose_cells == 1e8
    assert plan.curve_totals[3] == plan.total
