"""The result of an escalation file as plain JSON values: what commands print, runs store and reports are made from."""

from collections.abc import Sequence
from typing import Any

from jaxtyping import Float
from numpy import ndarray

from cordwise.stats.dose_finding.boin import decision_table
from cordwise.stats.dose_finding.dose_history import STOP
from cordwise.trial.escalation.answer import answer
from cordwise.trial.escalation.assumptions import assumptions
from cordwise.trial.escalation.characteristics import Mean
from cordwise.trial.escalation.file import EscalationFile
from cordwise.trial.escalation.finding import DesignFinding
from cordwise.trial.escalation.plan import crm_model


def escalation_json(
    file: EscalationFile, findings: Sequence[DesignFinding], *, seed: int, replicates: int
) -> dict[str, Any]:
    """Return the result; doses are counted from 1, and the first of `selected` is no dose."""
    return {
        "kind": "escalation",
        "question": file.question,
        "answer": answer(file, findings),
        "design": file.model_dump(mode="json"),
        "replicates": replicates,
        "seed": seed,
        "designs": [
            {
                "name": design.name,
                "method": design.method,
                "scenarios": [_scenario(each) for each in findings if each.design == design.name],
            }
            for design in file.designs
        ],
        "decision_tables": _decision_tables(file),
        "skeletons": [
            {"design": design.name, "model": design.model or "empiric", "rates": list(crm_model(design, file).skeleton)}
            for design in file.designs
            if design.method in ("crm", "tite_crm")
        ],
        "assumptions": assumptions(file),
    }


def _scenario(finding: DesignFinding) -> dict[str, Any]:
    found, truth = finding.characteristics, finding.truth
    return {
        "name": truth.name,
        "description": truth.description,
        "rates": truth.rates.tolist(),
        "right_dose": None if truth.right_dose == STOP else truth.right_dose + 1,
        "selected": _list(found.selected),
        "selected_mcse": _list(found.selected_mcse),
        "selected_exact": None if finding.exact is None else list(finding.exact),
        "patients": _list(found.patients),
        "toxicities": _list(found.toxicities),
        **_mean("correct_rate", found.correct),
        **_mean("overdose_selected_rate", found.overdose_selected),
        **_mean("overdosed_share", found.overdosed),
        **_mean("expected_n", found.total_patients),
        **_mean("expected_toxicities", found.total_toxicities),
        **_mean("expected_duration_days", found.duration_days),
    }


def _decision_tables(file: EscalationFile) -> list[dict[str, Any]]:
    """Return the table that an investigator reads at each decision, for the designs that have one."""
    counts = tuple(range(file.size.cohort, file.size.patients + 1, file.size.cohort))
    table = decision_table(file.toxicity.target, counts)
    return [
        {
            "design": design.name,
            "patients": list(table.patients),
            "escalate_at_most": list(table.escalate_at_most),
            "deescalate_at_least": list(table.deescalate_at_least),
            "close_at_least": list(table.close_at_least),
        }
        for design in file.designs
        if design.method == "boin"
    ]


def _mean(name: str, mean: Mean) -> dict[str, float]:
    return {name: mean.value, f"{name}_mcse": mean.mcse}


def _list(values: Float[ndarray, " each"]) -> list[float]:
    return [float(value) for value in values]
