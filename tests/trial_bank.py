"""A small made-up patient bank and a design, so that the trial layer is tested without the cord model."""

from functools import cache
from types import MappingProxyType

import numpy as np

from cordwise.bank.bank import CONTROL, PatientBank
from cordwise.base.provenance import Provenance
from cordwise.base.randomness import Streams
from cordwise.cord.self_check import Numerics
from cordwise.patient.outcomes import Outcomes, self_care_part
from cordwise.trial.analyse.simulate import prepare, simulate_replicates
from cordwise.trial.characteristics.findings import find
from cordwise.trial.characteristics.sample_size import sample_size_curves
from cordwise.trial.collect import trial_result
from cordwise.trial.design.file import Design, check_design
from cordwise.trial.plan.plan import plan_trial

BASELINE_DAY, DOSE_DAY, VISITS = (40.0, 50.0), 50.0, (90.0, 135.0, 225.0)
EFFECTS = {"assumed: cells": (3.0, 0.2), "assumed: low": (1.0, 0.05), "assumed: high": (3.0, 0.2)}
PLACEBO = {"name": "placebo", "control": "placebo"}
CELLS = {"name": "cells", "product": "autologous_msc", "route": "intravenous", "dose_cells": 1e8, "day": 50}
THREE_ARMS = {
    "arms": [PLACEBO, {**CELLS, "name": "low", "dose_cells": 1e7}, {**CELLS, "name": "high"}],
    "scenarios": [
        {"name": "assumed", "description": "d", "assumed_log_odds": {"low": 0.2, "high": 1}, "onset_days": 30}
    ],
    "size": {"total": 180},
}
ESTIMAND = {
    "population": "adults with a cervical injury",
    "treatment": "cells against placebo",
    "variable": "as the endpoint",
    "intercurrent_events": "withdrawal",
    "summary": "difference",
}


SETS, GROUPS, PEOPLE = 20, 2, 240


def synthetic_bank(effects=None, *, sets=SETS, groups=GROUPS, people=PEOPLE, between=0.0, seed=11):
    """Return a bank whose counterfactuals add to the control's UEMS and to the chance of a better grade.

    `effects` maps a counterfactual to (UEMS points, share of the unimproved who improve). In every parameter set each
    effect is multiplied by a number of its own, 1 on average, `between` its standard deviation.
    """
    random = np.random.default_rng(seed)
    patients = sets * groups * people
    factor = np.repeat(1 + between * random.standard_normal(sets), groups * people) if between else np.ones(patients)
    grade = random.choice(3, size=patients, p=[0.5, 0.2, 0.3])
    uems = np.clip(random.normal(18 + 4 * grade, 9), 0, 50).round()
    lems = np.where(grade == 2, random.integers(1, 25, patients), 0)
    gain = random.normal(16 + 2 * grade - 0.5 * uems, 5)
    luck = random.random(patients)
    worlds = {CONTROL: (0.0, 0.0), **(effects or {})}
    outcomes = {
        name: _outcomes(grade, uems, lems, gain + points * factor, luck < 0.3 + 0.1 * grade + share * factor)
        for name, (points, share) in worlds.items()
    }
    age_years, is_male = random.uniform(18, 70, patients), random.random(patients) < 0.8
    baseline_day = random.uniform(*BASELINE_DAY, patients)
    return PatientBank(
        days=(45.0, *VISITS),
        ids=np.arange(patients),
        age_years=age_years,
        sex=np.where(is_male, "male", "female"),
        neurological_level=np.full(patients, 4, np.int8),
        baseline_ais=grade.astype(np.int8),
        baseline_day=baseline_day,
        parameter_draw=np.repeat(np.arange(sets, dtype=np.int16), groups * people),
        examination_day=np.column_stack([baseline_day, *(np.full(patients, day) for day in VISITS)]),
        dose_day=MappingProxyType(
            {name: np.full(patients, np.nan if name == CONTROL else DOSE_DAY) for name in worlds}
        ),
        outcomes=MappingProxyType(outcomes),
        sets=sets,
        groups=groups,
    )


def _outcomes(grade, uems, lems, gain, improved):
    share = np.array([0.0, 0.4, 0.7, 1.0])  # of the final gain, at baseline and at each visit
    after = np.arange(len(share)) == len(share) - 1
    scores = np.clip(uems[:, None] + gain[:, None] * share, 0, 50).round().astype(np.int16)
    legs = np.repeat(lems[:, None], len(share), axis=1).astype(np.int16)
    muscles = np.concatenate([_spread(scores), _spread(legs)], axis=-1)
    sensation = np.clip(40 + 8 * grade[:, None] + gain[:, None] * share, 0, 112).round().astype(np.int16)
    scim = np.clip(10 + scores + legs, 0, 100).astype(float)
    return Outcomes(
        ais=(grade[:, None] + improved[:, None] * after).astype(np.int8),
        neurological_level=_lowest_strong(muscles).min(axis=-1),
        uems=scores,
        lems=legs,
        weaker_leg=muscles[..., 5:].sum(axis=-1).min(axis=-1).astype(np.int16),
        light_touch=sensation,
        pin_prick=np.clip(sensation - 10, 0, 112).astype(np.int16),
        scim=scim,
        self_care=self_care_part(scim, scores),
        wisci=np.clip(legs // 2, 0, 20).astype(float),
        motor_level=_lowest_strong(muscles),
        muscles=muscles,
    )


def _spread(scores):
    """Return the grades of five muscles on two sides that add up to scores of 0 to 50, strongest at the top."""
    right = (scores + 1) // 2
    sides = np.stack([right, scores - right], axis=-1)
    return np.clip(sides[..., None] - 5 * np.arange(5), 0, 5).astype(np.int8)


def _lowest_strong(muscles):
    """Return each side's motor level as these muscles give it: C4, or the last of the arm's muscles of grade 3."""
    return (3 + (muscles[..., :5] >= 3).sum(axis=-1)).astype(np.int8)


def raw_design(**changes):
    """Return the tables of a design over the synthetic bank; `changes` replace whole tables."""
    return {
        "name": "synthetic",
        "question": "Does it work?",
        "population": {"grades": ["A", "B", "C"], "levels": "C1-C8", "age_years": [18, 70], "baseline_day": [40, 50]},
        "arms": [PLACEBO, CELLS],
        "size": {"total": 120},
        "accrual": {"sites": 6, "patients_per_site_month": 1, "source": "judgement"},
        "followup": {"visits": list(VISITS)},
        "endpoints": [ais_endpoint(), uems_endpoint()],
        "dropout": {"rate": 0.15, "log_odds_per_motor_point": -0.02, "source": "judgement"},
        "scenarios": [{"name": "assumed", "description": "assumed", "assumed_log_odds": 0.5, "onset_days": 30}],
        **changes,
    }


def ais_endpoint(**changes):
    """Return the table of the AIS endpoint."""
    return {
        "name": "AIS",
        "measure": "ais_improvement",
        "day": 225,
        "primary": True,
        "analysis": "n_minus_1_chi_square",
        "missing": "non_improver",
        "estimand": {**ESTIMAND, "strategy": "composite"},
        **changes,
    }


def uems_endpoint(**changes):
    """Return the table of the UEMS endpoint."""
    return {
        "name": "UEMS",
        "measure": "uems_change",
        "day": 225,
        "analysis": "ancova",
        "missing": "complete_case",
        "estimand": {**ESTIMAND, "strategy": "hypothetical"},
        **changes,
    }


def synthetic_design(**changes) -> Design:
    """Return a checked design over the synthetic bank."""
    return check_design(raw_design(**changes), "design.toml")


@cache
def shared_bank():
    """Return the bank of EFFECTS, built once."""
    return synthetic_bank(EFFECTS)


def prepared_trial(*, seed=1, bank=None, **changes):
    """Return a design over the synthetic bank, ready to be simulated."""
    return prepare(plan_trial(synthetic_design(**changes)), bank or shared_bank(), Streams(seed))


def simulated(*, replicates, seed=1, workers=1, bank=None, **changes):
    """Return the simulation of a design over the synthetic bank."""
    return simulate_replicates(prepared_trial(seed=seed, bank=bank, **changes), replicates=replicates, workers=workers)


def findings_of(*, replicates, seed=1, curve=20, bank=None, **changes):
    """Return what a simulation of a design over the synthetic bank shows; the curves rest on few replicates."""
    prepared = prepared_trial(seed=seed, bank=bank, **changes)
    curves = sample_size_curves(prepared, replicates=curve)
    return find(simulate_replicates(prepared, replicates=replicates), prepared.bank, curves)


def result_of(findings, days=(), adaptation=None, precision=None):
    """Return the result of findings over the synthetic bank, without what only a run of the real model has."""
    design, result = findings.result.plan.design, findings.result
    record = Provenance.of(
        "trial simulate", result.seed, design.origin, replicates=result.replicates, precision=precision
    )
    return trial_result(
        findings,
        days,
        adaptation,
        numerics=_NUMERICS,
        commonest_grade="A",
        registry="a registry not yet seen",
        provenance=record,
    )


_NUMERICS = Numerics(
    preset="standard",
    steps=601,
    simulations_checked=64,
    error_p99=0.0005,
    error_max=0.0007,
    status={"solved": 64, "not_finite": 0, "front": 0},
    words="The tissue was solved closely enough.",
)
