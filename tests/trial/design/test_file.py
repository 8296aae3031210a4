"""The design file: what is accepted, and every fault told at once with its place."""

import math
from dataclasses import fields

import numpy as np
import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, ValidationError

from cordwise.base.codec import to_plain
from cordwise.base.errors import InputError
from cordwise.base.toml import faults_from, read_toml
from cordwise.trial.design.file import check_design, read_design
from cordwise.trial.design.rules import contradictions
from cordwise.trial.plan.plan import plan_trial
from paths import ROOT
from trial_bank import CELLS, PLACEBO, THREE_ARMS, ais_endpoint, raw_design, uems_endpoint

DESIGNS = ROOT / "designs"
POPULATION = raw_design()["population"]
LOW, HIGH = THREE_ARMS["arms"][1:]
MADE = {"name": "cells", "product": "autologous_msc"}
ORDER = {"aspirate_day": 52, "aspirate_ml": 40, "target_cells": 1e8, "passages": 2, "route": "intravenous"}
STIM = {"name": "stim", "rate": 0.1, "source": "s"}
PAST = {"patients": 50, "source": "s"}


def _looks(**given):
    return {"looks": given}


def _primary(**given):
    return {"endpoints": [{"name": "E", "day": 225, **given}]}


def _adapts(**given):
    return {"adaptation": {"at_patients": 60, **given}}


def _faults(**changes):
    with pytest.raises(InputError) as caught:
        check_design(raw_design(**changes), "x.toml")
    return {fault.where: fault for fault in caught.value.faults}


@pytest.mark.parametrize(
    "path",
    [path for path in sorted(DESIGNS.glob("*.toml")) if "[toxicity]" not in path.read_text()],
    ids=lambda path: path.stem,
)
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
        ({"arms": [PLACEBO, {**PLACEBO, "name": "sham"}]}, "arms", "one control arm"),
        ({"arms": [CELLS, LOW]}, "arms", "one control arm"),
        ({"arms": [PLACEBO]}, "arms", "a treated arm"),
        ({"arms": []}, "arms", "at least 1"),
        ({"arms": [{"name": "sham", "control": "sham", "dose_cells": 1e8}, CELLS]}, "arms[0].dose_cells", "sham"),
        ({"arms": [PLACEBO, {**CELLS, "manufacture": {}}]}, "arms[1].day", "nothing beside [arms.manufacture]"),
        ({"arms": [PLACEBO, {"name": "c", "manufacture": {}}]}, "arms[1].product", "a value in a treated arm"),
        (
            {"arms": [PLACEBO, {**MADE, "product": "allogeneic_msc", "manufacture": {}}]},
            "arms[1].product",
            "which alone is grown to order",
        ),
        (
            {"arms": [PLACEBO, {**MADE, "manufacture": {**ORDER, "minimum_cells": 2e8}}]},
            "arms[1].manufacture.minimum_cells",
            "at most target_cells",
        ),
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
        ({"endpoints": [uems_endpoint(), ais_endpoint(primary=False)]}, "endpoints", "one primary endpoint"),
        ({"endpoints": [uems_endpoint(primary=True), ais_endpoint()]}, "endpoints", "one primary endpoint"),
        ({"endpoints": [ais_endpoint(day=300)]}, "endpoints[0].day", "one of the visits"),
        ({"endpoints": [ais_endpoint(day=45)], "followup": {"visits": []}}, "endpoints[0].day", "after the baseline"),
        ({"endpoints": [ais_endpoint(analysis="ancova")]}, "endpoints[0].analysis", "fisher_exact"),
        (_primary(measure="scim_change", analysis="transitional_ordinal"), "endpoints[0].measure", "a motor score"),
        (_primary(measure="ais_improvement", benchmark=0.3), "endpoints[0].benchmark", "single_arm_exact"),
        (_primary(measure="ais_improvement", analysis="single_arm_exact"), "endpoints[0].analysis", "of two arms"),
        ({"arms": [CELLS]}, "endpoints[0].analysis", "in a trial of one arm"),
        (_primary(measure="uems_change", analysis="mmrm", missing="last_seen"), "endpoints[0].missing", "modelled"),
        (_primary(measure="uems_change", analysis="rank_sum", missing="delta"), "endpoints[0].missing", "last_seen"),
        (_primary(measure="uems_change", missing="delta"), "endpoints[0].delta_points", 'with missing = "delta"'),
        (_primary(measure="uems_change", delta_points=-3), "endpoints[0].delta_points", 'with missing = "delta"'),
        (_primary(measure="hierarchical", components=["uems"]), "endpoints[0].components", "two measures or more"),
        (_primary(measure="uems", components=["uems", "lems"]), "endpoints[0].components", "nothing beside"),
        (
            _primary(measure="hierarchical", components=["uems", "hierarchical"]),
            "endpoints[0].components",
            "not composites",
        ),
        (
            _primary(measure="hierarchical", components=["uems", "lems"], component_margins=[1]),
            "endpoints[0].component_margins",
            "2 numbers",
        ),
        (
            _primary(measure="uems", estimand={"events": {"stim": "hypothetical"}}),
            "endpoints[0].estimand.events",
            "none are given",
        ),
        (
            _primary(measure="uems_change", historical_control={**PAST, "mean": 1, "sd": 2}),
            "endpoints[0].historical_control",
            "nothing beside an analysis that cannot borrow",
        ),
        (
            _primary(measure="uems_change", analysis="normal_posterior", historical_control={**PAST, "mean": 8}),
            "endpoints[0].historical_control.sd",
            "a value",
        ),
        (
            _primary(measure="ais_improvement", analysis="beta_binomial", historical_control=PAST),
            "endpoints[0].historical_control.improved",
            "a value",
        ),
        (
            {"endpoints": [ais_endpoint(), uems_endpoint(missing="non_improver")]},
            "endpoints[1].missing",
            "complete_case",
        ),
        ({"endpoints": [ais_endpoint(missing="complete_case")]}, "endpoints[0].estimand.strategy", "hypothetical"),
        ({"randomisation": {"block_size": 5}}, "randomisation.block_size", "a multiple of 2"),
        ({"randomisation": {"ratio": [1, 2], "block_size": 4}}, "randomisation.block_size", "a multiple of 3"),
        ({"randomisation": {"ratio": [1, 1, 1]}}, "randomisation.ratio", "2 numbers, one for each arm"),
        ({"randomisation": {"method": "minimisation"}}, "randomisation.stratify_by", "factors to balance"),
        (
            {"randomisation": {"method": "simple", "stratify_by": ["grade"]}},
            "randomisation.stratify_by",
            "nothing with simple randomisation",
        ),
        ({"randomisation": {"stratify_by": ["grade", "grade"]}}, "randomisation.stratify_by", "once"),
        ({"followup": {"visits": [90, 135, 225], "window_days": 25}}, "followup.window_days", "less than half"),
        ({"accrual": {"holds": [[3, 6], [5, 8]]}}, "accrual.holds[1]", "from month 6 on"),
        ({"accrual": {"holds": [[6, 3]]}}, "accrual.holds[0]", "two rising months"),
        ({"intercurrent_events": [{**STIM, "points": {"grip": 1}}]}, "intercurrent_events[0].points", "one of uems"),
        ({"intercurrent_events": [STIM, STIM]}, "intercurrent_events[1].name", "a name of its own"),
        ({"assessment": {"upgrade_rate": 0.1}}, "assessment.blinded", "false where the arm sways assessors"),
        (_looks(), "looks", "one of patients"),
        (_looks(patients=[60, 120], information=[0.5, 1]), "looks", "one of patients"),
        (_looks(patients=[80, 60, 120]), "looks.patients[1]", "more than the look before, 80"),
        (_looks(information=[0.5, 0.5, 1]), "looks.information[1]", "more than the look before"),
        (_looks(information=[0.5, 0.501, 1]), "looks.information[1]", "a share of 120 patients"),
        (_looks(calendar_months=[12, 6]), "looks.calendar_months[1]", "more than the look before"),
        (_looks(patients=[60, 100]), "looks.patients[1]", "120 at the last look"),
        (_looks(information=[0.5, 0.9]), "looks.information[1]", "1 at the last look"),
        (_looks(patients=[*range(4, 28), 120]), "looks.patients", "20 looks or fewer"),
        (_looks(information=[0.5, 1], boundary="wang_tsiatis"), "looks.parameter", "delta"),
        (_looks(information=[0.5, 1], boundary="pocock", parameter=1), "looks.parameter", "nothing with"),
        (_looks(information=[0.5, 1], boundary="kim_demets", parameter=-1), "looks.parameter", "above 0"),
        (_looks(information=[0.5, 1], boundary="haybittle_peto", parameter=1), "looks.parameter", "above 1.96"),
        (_looks(calendar_months=[12, 30], boundary="pocock"), "looks.boundary", "a spending function"),
        (_looks(information=[0.5, 1], boundary="user"), "looks.alpha_spent", "the alpha spent up to each look"),
        (_looks(information=[0.5, 1], alpha_spent=[0.01, 0.025]), "looks.alpha_spent", 'boundary = "user" only'),
        (
            _looks(information=[0.5, 1], boundary="user", alpha_spent=[0.01, 0.04]),
            "looks.alpha_spent",
            "0.025 at the last look",
        ),
        (
            _looks(information=[0.5, 1], boundary="user", alpha_spent=[0.03, 0.025]),
            "looks.alpha_spent",
            "never fall",
        ),
        (
            _looks(information=[0.5, 1], boundary="user", alpha_spent=[0.01, 0.02, 0.025]),
            "looks.alpha_spent",
            "2 numbers",
        ),
        (_looks(information=[0.5, 1], futility={"values": [0, 0]}), "looks.futility.values", "1 numbers"),
        (
            _looks(information=[0.5, 1], futility={"scale": "p", "values": [1.5]}),
            "looks.futility.values",
            "between 0 and 1",
        ),
        ({**_looks(information=[0.5, 1]), **_adapts(kind="sample_size", most_patients=200)}, "adaptation", "either"),
        (_adapts(kind="sample_size"), "adaptation.most_patients", "more patients than size.total"),
        (_adapts(kind="sample_size", most_patients=120), "adaptation.most_patients", "more patients"),
        (_adapts(kind="drop_arms", at_patients=120), "adaptation.at_patients", "fewer than the 120"),
        (_adapts(kind="drop_arms"), "adaptation.kind", "two treated arms"),
        (_adapts(kind="enrichment"), "adaptation.grades", "the grades to narrow entry to"),
        (_adapts(kind="enrichment", grades=["A", "B", "C"]), "adaptation.grades", "some, not all"),
        ({"dropout": {"rate": 1, "log_odds_per_motor_point": 0, "source": "s"}}, "dropout.rate", "below 1"),
        ({"scenarios": [{"name": "null", "description": "d", "translation": 1}]}, "scenarios[0].name", "its own"),
        ({"scenarios": [{"name": "s", "description": "d"}]}, "scenarios[0]", "one of translation"),
        (
            {"scenarios": [{"name": "s", "description": "d", "translation": 1, "assumed_log_odds": 1}]},
            "scenarios[0]",
            "one of translation",
        ),
        (
            {"scenarios": [{"name": "s", "description": "d", "assumed_log_odds": {"x": 1}, "onset_days": 3}]},
            "scenarios[0].assumed_log_odds",
            'treated arms: "cells"',
        ),
        ({"scenarios": [{"name": "s", "description": "d", "translation": 2}]}, "scenarios[0].translation", "1 or less"),
        ({"scenarios": [{"name": "s", "description": "d", "assumed_log_odds": 1}]}, "scenarios[0].onset_days", "days"),
        ({"endpoints": [ais_endpoint(confirmed="yes")]}, "endpoints[0].confirmed", "true or false"),
        ({"endpoints": [uems_endpoint(confirmed=True)]}, "endpoints[0].confirmed", "ais_improvement, motor_incomplete"),
        ({"accruall": {}}, "accruall", "one of name"),
    ],
)
def test_a_fault_names_its_place_and_what_was_expected(changes, where, expected):
    faults = _faults(**changes)
    assert expected in faults[f"x.toml: {where}"].expected


def test_a_design_bad_in_every_way_hears_of_each_at_once():
    faults = _faults(
        arms=[{"name": "sham", "control": "sham", "dose_cells": 1e8}, CELLS, CELLS],
        size={"total": 0},
        followup={"visits": [90, 135]},
        endpoints=[ais_endpoint(alpha=0), uems_endpoint(alpha=1)],
        looks={"patients": [60, 40, 120], "boundary": "user", "alpha_spent": [0.01, 0.02, 0.03]},
    )
    assert {place.removeprefix("x.toml: ") for place in faults} >= {
        "arms[0].dose_cells",
        "arms[2].name",
        "size.total",
        "endpoints[0].alpha",
        "endpoints[1].alpha",
        "endpoints[0].day",
        "looks.patients[1]",
        "looks.alpha_spent",
    }


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


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-2, 400),
    st.floats(allow_nan=True, allow_infinity=True),
    st.text(max_size=3),
    st.lists(st.one_of(st.integers(-1, 300), st.text(max_size=2), st.lists(st.integers(0, 9), max_size=2)), max_size=3),
    st.dictionaries(
        st.sampled_from(["name", "day", "patients", "values", "ratio", "points"]), st.integers(), max_size=2
    ),
)


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_whatever_stands_in_a_key_is_a_design_or_faults_and_never_a_traceback(data):
    raw = raw_design(looks={"information": [0.5, 1.0]}, randomisation={"ratio": [1, 1]})
    table = data.draw(st.sampled_from([*raw, "intercurrent_events", "assessment", "adaptation", "safety"]))
    inner = raw.get(table)
    holder = inner if isinstance(inner, dict) else inner[0] if isinstance(inner, list) else None
    if holder and data.draw(st.booleans()):
        changed = {**holder, data.draw(st.sampled_from(sorted(holder))): data.draw(JUNK)}
        raw[table] = changed if isinstance(inner, dict) else [changed, *inner[1:]]
    else:
        raw[table] = data.draw(JUNK)
    list(contradictions(raw, "x.toml"))
    try:
        faults = [] if check_design(raw, "x.toml") else None
    except InputError as error:
        faults = list(error.faults) or None
    assert faults is not None
    assert all(fault.where.startswith("x.toml") for fault in faults)


def test_the_plan_leaves_nothing_optional_and_adds_the_null_scenario():
    plan = plan_trial(check_design(raw_design(), "x.toml"))
    assert [scenario.counterfactual("cells") for scenario in plan.scenarios] == ["control", "assumed: cells"]
    assert plan.levels == (0, 7)
    assert (plan.visits, plan.endpoints[0].visit) == ((225,), 0)  # no analysis sees the visits before
    assert plan.treatments[0].dose_cells == 1e8
    assert plan.total in plan.curve_totals


def test_the_control_comes_first_wherever_the_file_puts_it():
    plan = plan_trial(check_design(raw_design(arms=[CELLS, PLACEBO], randomisation={"ratio": [2, 1]}), "x.toml"))
    assert plan.ratio == (1, 2)
    assert plan.control_name == "placebo"


def test_a_design_of_essentials_alone_gets_customary_defaults():
    essentials = {
        key: value for key, value in raw_design().items() if key in {"name", "question", "population", "arms", "size"}
    }
    endpoints = [
        {"name": "response", "measure": "ais_improvement", "day": 225, "primary": True},
        {"name": "score", "measure": "uems_change", "day": 225},
        {"name": "grade", "measure": "ais_grade", "day": 135},
        {"name": "pairs", "measure": "hierarchical", "components": ["ais_grade", "uems_change"], "day": 225},
        {"name": "model", "measure": "lems_change", "analysis": "mmrm", "day": 225},
    ]
    plan = plan_trial(check_design({**essentials, "endpoints": endpoints}, "x.toml"))
    decided = [(each.method.name, each.missing, each.strategy) for each in plan.endpoints]
    assert decided == [
        ("n_minus_1_chi_square", "non_improver", "composite"),
        ("ancova", "complete_case", "hypothetical"),
        ("proportional_odds", "complete_case", "hypothetical"),
        ("net_benefit", "complete_case", "hypothetical"),
        ("mmrm", "modelled", "hypothetical"),
    ]
    assert plan.visits == (135, 225)
    assert (plan.ratio, plan.block_size, plan.scenarios[1].translation) == ((1, 1), 4, 1.0)
    estimand = plan.design.primary.estimand
    assert all(getattr(estimand, each.name) for each in fields(estimand) if each.name != "events")


def test_one_confirmed_endpoint_has_everybody_examined_twice():
    tables = {"endpoints": [ais_endpoint(), {"name": "both", "measure": "ais_grade", "day": 225, "confirmed": True}]}
    design = check_design(raw_design(**tables), "x.toml")
    assert plan_trial(design).is_graded_twice
    assert [each.is_confirmed for each in plan_trial(design).endpoints] == [False, True]
    assert design.endpoints[1].estimand.variable == "ais grade on day 225, by the grades of two examinations"


def test_a_design_without_confirmed_grades_does_not_speak_of_them():
    design = check_design(raw_design(), "x.toml")
    assert not plan_trial(design).is_graded_twice
    assert "confirmed" not in str(to_plain(design))


def test_looks_by_information_are_whole_patients():
    plan = plan_trial(check_design(raw_design(looks={"information": [0.33, 0.66, 1.0]}), "x.toml"))
    assert plan.looks == (40, 79, 120)
    assert math.isclose(plan.design.looks.information[0], 0.33)


def test_a_design_is_changed_key_by_key_and_checked_again():
    design = check_design(raw_design(looks={"information": [0.5, 1.0]}), "x.toml")
    changed = design.with_(size={"total": 200}, looks=None, accrual={"sites": 9})
    assert (changed.size.total, changed.looks, changed.accrual.sites) == (200, None, 9)
    assert changed.accrual.source == design.accrual.source  # tables merge
    assert (design.size.total, design.looks.information) == (120, (0.5, 1.0))
    assert plan_trial(changed).total == 200


def test_what_a_file_leaves_open_follows_a_change():
    design = check_design(_with_one_endpoint(), "x.toml")
    assert design.primary.analysis == "ancova"
    ordinal = design.with_(endpoints=[{"name": "E", "measure": "ais_grade", "day": 225}])
    assert (ordinal.primary.analysis, ordinal.primary.estimand.summary) == (
        "proportional_odds", "common odds ratio for a better category",
    )  # fmt: skip


def _with_one_endpoint():
    return raw_design(endpoints=[{"name": "E", "measure": "uems_change", "day": 225}])


def test_a_changed_design_is_the_file_that_says_so(tmp_path):
    changed = check_design(raw_design(), "x.toml").with_(size={"total": 60}, dropout={"rate": 0.2})
    (tmp_path / "changed.toml").write_bytes(changed.origin.data)
    again = read_design(tmp_path / "changed.toml")
    assert again.origin.sha256 == changed.origin.sha256
    assert (again.size, again.dropout, again.endpoints) == (changed.size, changed.dropout, changed.endpoints)


def test_a_faulty_change_names_its_argument():
    design = check_design(raw_design(looks={"patients": [60, 120]}), "x.toml")
    with pytest.raises(InputError) as caught:
        design.with_(size={"total": 100}, populaton={})
    found = {fault.where: fault.is_argument for fault in caught.value.faults}
    assert found == {"populaton": True, "looks.patients[1]": True}


def test_values_are_put_at_dotted_paths_by_number_or_name():
    design = check_design(raw_design(), "x.toml")
    changed = design.with_values({"arms.cells.dose_cells": 1e7, "endpoints.1.alpha": 0.01, "size.total": np.int64(80)})
    assert changed.arms[1].dose_cells == 1e7
    assert [each.alpha for each in changed.endpoints] == [0.05, 0.01]
    assert changed.size.total == 80
    with pytest.raises(InputError, match=r"arms\.nobody\.day: expected the name of one of placebo, cells"):
        design.with_values({"arms.nobody.day": 50})


@pytest.mark.parametrize("name", ["subacute_msc", "subacute_msc.toml", DESIGNS / "subacute_msc.toml"])
def test_a_design_is_read_by_path_or_by_the_name_of_an_example(name):
    assert read_design(name).origin.data == (DESIGNS / "subacute_msc.toml").read_bytes()


def test_a_case_mix_is_read_with_its_design_and_kept_when_it_changes(tmp_path):
    row = {"target_id": "arms", "source": "made up", "doi_or_pmid": "", "baseline_ais": "A-C", "levels": "C1-C8"}
    row |= {"baseline_day_min": 40, "baseline_day_max": 50, "followup_day": 45, "measure": "uems", "category": ""}
    row |= {"statistic": "mean", "value": 18, "sd": 10, "n": 60, "note": ""}
    table = "\n".join(",".join(map(str, line)) for line in (row.keys(), row.values())).encode()
    (tmp_path / "entry.csv").write_bytes(table)
    tables = raw_design(population={**POPULATION, "case_mix": "entry.csv"})
    (tmp_path / "x.toml").write_bytes(tomli_w.dumps(tables).encode())
    design = read_design(tmp_path / "x.toml")
    assert design.origin.companions == {"entry.csv": table}
    (tmp_path / "entry.csv").unlink()
    changed = design.with_(size={"total": 60})
    assert changed.case_mix is design.case_mix is plan_trial(changed).case_mix
    assert design.with_(population={"case_mix": None}).case_mix is None
