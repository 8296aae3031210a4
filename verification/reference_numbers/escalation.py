"""Dose-escalation designs, against R's BOIN and dfcrm and an exact recursion."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from verification.reference_numbers.family import Method, Row

from cordwise.base.randomness import Streams
from cordwise.stats.dose_finding import skeleton, three_plus_three
from cordwise.stats.dose_finding.boin import Boin, boin_boundaries, decision_table
from cordwise.stats.dose_finding.crm import Crm, CrmModel, crm_estimate
from cordwise.stats.dose_finding.simulate import EscalationPlan, EscalationTrials, simulate_escalation

_SEED = 20260
_COHORT, _COHORTS, _REPLICATES = 3, 10, 10_000
_NEVER_STOPS = 1.0


def _boin_bounds(row: Row) -> Mapping[str, Any]:
    given = row.inputs
    cohort, cohorts = given.get("cohortsize", _COHORT), given.get("ncohort", _COHORTS)
    limits = boin_boundaries(given["target"], underdosing=given.get("p_saf"), overdosing=given.get("p_tox"))
    table = decision_table(given["target"], tuple(range(cohort, cohort * cohorts + 1, cohort)))
    rows = (table.patients, table.escalate_at_most, table.deescalate_at_least, table.close_at_least)
    return {"lambda_e": limits.escalate, "lambda_d": limits.deescalate, "table": [list(each) for each in rows]}


def _plan(patients: int, cohort: int, start: int) -> EscalationPlan:
    return EscalationPlan(patients, cohort, start - 1, window_days=1.0, patients_per_day=1.0)


def _summary(trials: EscalationTrials) -> dict[str, Any]:
    doses = trials.patients.shape[1]
    selected = np.bincount(trials.selected + 1, minlength=doses + 1)[1:] / len(trials.selected)
    patients, toxic = trials.patients.mean(axis=0).tolist(), trials.toxicities.mean(axis=0).tolist()
    return {
        "select_pct": (100 * selected).tolist(),
        "select": selected.tolist(),
        "MTD": selected.tolist(),
        "patients": patients,
        "level": patients,
        "ntox": toxic,
        "tox": toxic,
        "EN": float(np.sum(patients)),
    }


def _boin_oc(row: Row) -> Mapping[str, Any]:
    given = row.inputs
    cohort = given.get("cohortsize", _COHORT)
    plan = _plan(cohort * given.get("ncohort", _COHORTS), cohort, given.get("startdose", 1))
    replicates = max(given.get("ntrial", _REPLICATES), _REPLICATES)
    trials = simulate_escalation(
        Boin(given["target"]), np.asarray(given["p_true"]), plan, Streams(_SEED), replicates=replicates
    )
    return _summary(trials)


def _rates(given: Mapping[str, Any], *names: str) -> Sequence[float]:
    return next(given[name] for name in names if name in given)


def _crm_oc(row: Row) -> Mapping[str, Any]:
    given = row.inputs
    model = CrmModel(tuple(_rates(given, "skeleton", "prior")), given.get("model", "empiric"), **_prior_sd(row))
    plan = _plan(given["n"], given.get("mcohort", given.get("cohortsize", 1)), given.get("x0", given.get("start", 1)))
    trials = simulate_escalation(
        Crm(model, given["target"], stop_cut=_NEVER_STOPS),
        np.asarray(_rates(given, "PI", "p_true", "p")),
        plan,
        Streams(_SEED),
        replicates=_REPLICATES,
    )
    return _summary(trials)


def _prior_sd(row: Row) -> dict[str, float]:
    return {"prior_sd": row.inputs["scale"]} if "scale" in row.inputs else {}


def _crm_skeleton(row: Row) -> Mapping[str, Any]:
    given = row.inputs
    rates = skeleton(
        given["target"],
        doses=given["nlevel"],
        guess=given["nu"],
        halfwidth=given["halfwidth"],
        model=given.get("model", "logistic" if "logistic" in row.method else "empiric"),
    )
    return {"skeleton": rates.tolist()}


def _crm_example(row: Row) -> Mapping[str, Any]:
    found, given = {}, row.inputs
    for key, response, likelihood_only in (
        ("empiric", "empiric", False),
        ("logistic", "logistic", False),
        ("mle", "empiric", True),
    ):
        model = CrmModel(tuple(given["skeleton"]), response, **_prior_sd(row))
        estimate = crm_estimate(
            model, target=given["target"], doses=given["level"], toxic=given["tox"], likelihood_only=likelihood_only
        )
        found |= {f"{key}_MTD": estimate.dose, f"{key}_beta": estimate.parameter, f"{key}_ptox": list(estimate.rates)}
    return found


def _three_plus_three(row: Row) -> Mapping[str, Any]:
    exact = three_plus_three(row.inputs["p"])
    return {"select": list(exact.selected), "EN": exact.expected_patients, "patients": list(exact.patients)}


METHODS: tuple[Method, ...] = (
    Method(re.compile(r"boin_bounds_.*"), _boin_bounds),
    Method(re.compile(r"boin_oc.*"), _boin_oc),
    Method(re.compile(r"crm_skeleton.*"), _crm_skeleton),
    Method(re.compile(r"crm_example.*"), _crm_example),
    Method(re.compile(r"crm_(oc|sim).*"), _crm_oc),
    Method(re.compile(r"threeplus3_.*"), _three_plus_three),
)
