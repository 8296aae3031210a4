"""From a design to its result: worlds, bank, trials and JSON."""

import pytest

from cordwise.base.errors import InputError
from cordwise.base.provenance import to_json
from cordwise.base.randomness import Streams
from cordwise.cord.product import Route
from cordwise.patient.counterfactual import Counterfactual
from cordwise.trial import run
from cordwise.trial.characteristics.enrolment_day import EnrolmentDay
from cordwise.trial.design.file import Design, read_design
from cordwise.trial.observe import worlds
from cordwise.trial.plan.plan import plan_trial
from cordwise.trial.run import run_trial
from paths import ROOT
from trial_bank import raw_design, synthetic_bank, synthetic_design

ROOT = ROOT
SCENARIOS = [
    {"name": "carried over", "description": "a quarter carries over", "translation": 0.25},
    {"name": "assumed", "description": "assumed", "assumed_log_odds": 0.5, "onset_days": 30},
]


@pytest.fixture
def recorded(monkeypatch):
    """Replace the cohort's worlds and bank, which take minutes, by records of what was asked of them."""
    asked = {}

    def build_bank(spec, posterior, streams, *, worlds):
        asked.update(spec=spec, draws=len(posterior.draws), seed=streams.seed, worlds=worlds)
        effects = {"carried over: cells": (0.5, 0.02), "assumed: cells": (3.0, 0.2), "half: made": (1.0, 0.1)}
        return synthetic_bank(effects, patients=spec.patients)

    def with_cells(regimen):
        asked["regimen"] = regimen
        return Counterfactual()

    def with_assumed_effect(log_odds, **rest):
        asked["assumed"] = (log_odds, rest)
        return Counterfactual()

    monkeypatch.setattr(worlds, "with_cells", with_cells)
    monkeypatch.setattr(worlds, "with_assumed_effect", with_assumed_effect)

    def enrolment_days(plan, posterior, streams, **_):
        asked["days"] = True
        return (EnrolmentDay(3.0, "AIS", 0.2, 0.3, 0.4, 90.0), EnrolmentDay(90.0, "AIS", 0.2, 0.3, 0.4, 50.0))

    monkeypatch.setattr(run, "build_bank", build_bank)
    monkeypatch.setattr(run, "enrolment_days", enrolment_days)
    monkeypatch.setattr(run, "population_step_errors", lambda regimens: asked.update(regimens=regimens))
    monkeypatch.setattr(run, "numerics", lambda _: {"words": "Steps are small enough."})
    monkeypatch.setattr(run, "portrait", lambda *_: {"kind": "patient"})
    return asked


def test_a_run_asks_the_cohort_for_what_the_design_says(recorded):
    run_trial(synthetic_design(scenarios=SCENARIOS), seed=5, replicates=40, quiet=True, bank_patients=500)
    spec, regimen = recorded["spec"], recorded["regimen"]
    assert set(recorded["worlds"]) == {"carried over: cells", "assumed: cells"}
    assert [each and each.translation for each in recorded["regimens"]] == [None, 0.25]
    assert (spec.grades, spec.levels, spec.baseline_day) == ((0, 1, 2), (0, 7), (40, 50))
    assert (spec.visits, spec.patients, recorded["seed"]) == ((90, 135, 225), 500, 5)
    assert (regimen.product, regimen.translation) == ("autologous_msc", 0.25)
    assert [(dose.day, dose.cells, dose.route) for dose in regimen.doses] == [(50, 1e8, Route.INTRAVENOUS)]
    assert recorded["assumed"] == (0.5, {"dose_day": 50, "onset_days": 30})


def test_a_run_gives_the_same_result_again_and_says_its_seed(recorded):
    design = synthetic_design(scenarios=SCENARIOS)
    first, again = (run_trial(design, seed=5, replicates=40, quiet=True, bank_patients=500) for _ in range(2))
    assert first == again
    assert (first["seed"], first["replicates"], len(first["scenarios"])) == (5, 40, 3)
    assert [row["day"] for row in first["enrolment_days"]] == [3.0, 90.0]
    assert first["adaptation"] is None
    assert first["design"]["arms"][1]["dose_cells"] == 1e8


def test_a_tiny_trial_that_loses_nearly_everybody_still_gives_json(recorded):
    lossy = {"rate": 0.95, "log_odds_per_motor_point": -0.02, "source": "test"}
    result = run_trial(
        synthetic_design(size={"total": 4}, dropout=lossy, scenarios=SCENARIOS), seed=5, replicates=3, bank_patients=300
    )
    endpoints = result["scenarios"][0]["endpoints"]
    assert "null" in to_json(result)
    assert endpoints[1]["theory_reject_rate"] is None
    assert endpoints[1]["reject_rate"] <= 1


def test_one_replicate_is_refused():
    with pytest.raises(InputError, match="2 or more"):
        run_trial(synthetic_design(), seed=1, replicates=1)


def test_progress_hears_of_every_world(recorded):
    told = []
    plan = plan_trial(synthetic_design(scenarios=SCENARIOS))
    worlds.scenario_worlds(plan, Streams(1), on_progress=told.append)
    assert told == [1, 1]


def test_a_run_that_changes_shows_how_often_and_stops_at_its_precision(recorded):
    change = {"kind": "sample_size", "at_patients": 30, "most_patients": 120}
    design = synthetic_design(scenarios=SCENARIOS, adaptation=change, size={"total": 60})
    result = run_trial(design, seed=5, replicates=3000, precision=0.02, quiet=True, bank_patients=500, workers=2)
    assert result["replicates"] == 1000
    assert result["adaptation"]["kind"] == "sample_size"
    assert len(result["adaptation"]["scenarios"]) == 3
    assert result["adaptation"]["words"] in result["answer"]


def test_threads_do_not_change_a_run(recorded):
    one, two = (
        run_trial(
            synthetic_design(scenarios=SCENARIOS),
            seed=5,
            replicates=230,
            quiet=True,
            bank_patients=300,
            workers=workers,
        )
        for workers in (1, 2)
    )
    assert one == two


def test_the_reference_page_names_every_key_of_the_schema():
    page = (ROOT / "docs" / "reference" / "design-file.md").read_text()
    schema = Design.model_json_schema()
    tables = [schema, *schema["$defs"].values()]
    keys = {key for table in tables for key in table.get("properties", {})}
    missing = {key for key in keys if key not in page}
    assert keys >= set(raw_design())
    assert not missing


@pytest.mark.slow
def test_the_shipped_design_runs_from_patients_to_words():
    design = read_design(ROOT / "designs" / "subacute_msc.toml")
    result = run_trial(design, seed=1, replicates=1000, quiet=True, bank_patients=2000)
    null, *others = result["scenarios"]
    assert abs(null["reject_rate"] - 0.05) < 4 * null["mcse"]
    assert others[-1]["reject_rate"] > null["reject_rate"] + 4 * (null["mcse"] + others[-1]["mcse"])
