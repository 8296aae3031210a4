"""Run a sensitivity analysis and return its result as plain values."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray

from cordwise.base.errors import InputError, ModelError
from cordwise.base.randomness import Streams
from cordwise.cord.product import Regimen
from cordwise.cord.tissue import PatientStatus
from cordwise.experiment.readouts import readout_rows
from cordwise.experiment.sensitivity.designs import (
    RANKED_BY,
    SamplingDesign,
    SensitivityMethod,
    indices_of,
    screening,
    variance_design,
)
from cordwise.experiment.sensitivity.inputs import TRANSLATION, Input, inputs_of
from cordwise.experiment.sensitivity.outcomes import SensitivityOutcomes, simulate_points
from cordwise.experiment.sensitivity.settings import setting_of, settings
from cordwise.experiment.sensitivity.subject import Subject, subject_faults
from cordwise.experiment.sensitivity.words import answer, question
from cordwise.experiment.tables import assumption_of

WORLDS = ("without", "with", "effect")


def run_sensitivity(
    subject: Subject,
    streams: Streams,
    *,
    method: SensitivityMethod = SensitivityMethod.MORRIS,
    samples: int | None = None,
    mechanism_samples: int | None = None,
) -> dict[str, Any]:
    """Return which inputs decide the outcomes of a subject, and the share of variance that each mechanism makes.

    Parameters
    ----------
    subject
        The patient, or the condition of an experiment, and the days on which outcomes are read.
    streams
        Random streams of the designs and of the bootstrap.
    method, samples
        Morris screening with so many trajectories, or Sobol indices with so many base samples, of single inputs.
    mechanism_samples
        Base samples of the variance shares of whole mechanisms: always Sobol indices, from a design of their own.
    """
    faults = list(subject_faults(subject))
    if faults:
        raise InputError(faults)
    inputs = inputs_of(subject)
    single = _single(inputs, method, samples, streams)
    whole_samples = mechanism_samples or int(setting_of("mechanism_samples"))
    whole = variance_design(inputs, whole_samples, streams("sensitivity-mechanisms").generator(), grouped=True)
    outputs, failed = _analysed(subject, inputs, single, streams, ranked_by=RANKED_BY[method])
    mechanisms, failed_whole = _analysed(subject, inputs, whole, streams, ranked_by=RANKED_BY[SensitivityMethod.SOBOL])
    result: dict[str, Any] = {
        "kind": "sensitivity",
        "question": question(subject),
        "answer": "",
        "method": str(method),
        "samples": single.blocks,
        "runs": len(single.points),
        "mechanism_samples": whole.blocks,
        "mechanism_runs": len(whole.points),
        "species": str(subject.species),
        "subject": _subject_json(subject),
        "days": list(subject.days),
        "seed": streams.seed,
        "inputs": [asdict(each) for each in inputs],
        "outputs": outputs,
        "mechanisms": mechanisms,
        "translation": _translation_shares(mechanisms),
        "failed": failed,
        "failed_of_mechanisms": failed_whole,
        "assumptions": _assumptions(),
    }
    return result | {"answer": answer(result)}


def _single(
    inputs: tuple[Input, ...], method: SensitivityMethod, samples: int | None, streams: Streams
) -> SamplingDesign:
    rng = streams("sensitivity-inputs").generator()
    if method == SensitivityMethod.MORRIS:
        return screening(inputs, samples or int(setting_of("trajectories")), rng)
    return variance_design(inputs, samples or int(setting_of("samples")), rng)


def _analysed(
    subject: Subject, inputs: tuple[Input, ...], design: SamplingDesign, streams: Streams, *, ranked_by: str
) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """Return the factors of a design ranked for each outcome, and how many of its runs failed."""
    found = simulate_points(subject, inputs, design.points)
    complete = design.complete(found.solved)
    if complete.sum() < setting_of("fewest_complete"):
        raise ModelError(f"the tissue model has no credible solution in {int((~found.solved).sum())} of the runs")
    mechanism_of = {each.name: each.mechanism for each in inputs}
    outputs: list[dict[str, Any]] = []
    for world, name, at in _outcomes(found, subject):
        values = found.worlds[world][name][:, at]
        indices = indices_of(design, complete, values, streams("sensitivity-bootstrap").generator(len(outputs)))
        rows = [
            _short({"factor": factor, "mechanism": mechanism_of.get(factor, factor), **index})
            for factor, index in zip(design.factors, indices, strict=True)
        ]
        outcome = {"readout": name, "unit": _unit(name, subject), "day": subject.days[at], "world": world}
        ranked = sorted(rows, key=lambda row: -row[ranked_by])
        outputs.append({**outcome, **_spread(values[found.solved]), "indices": ranked})
    return outputs, _failed(found, design, complete)


def _outcomes(found: SensitivityOutcomes, subject: Subject) -> Iterator[tuple[str, str, int]]:
    """Yield every world, read-out and visit."""
    for world in WORLDS:
        for name in found.worlds.get(world, {}):
            yield from ((world, name, at) for at in range(len(subject.days)))


def _spread(values: Float[ndarray, " run"]) -> dict[str, float]:
    """Return how far an outcome varies over the runs of a design."""
    low, high = np.percentile(values, (5, 95))
    numbers = {"mean": values.mean(), "sd": values.std(ddof=1), "low90": low, "high90": high}
    return {name: float(f"{value:.6g}") for name, value in numbers.items()}


def _short(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: float(f"{value:.6g}") if isinstance(value, float) else value for name, value in row.items()}


def _failed(found: SensitivityOutcomes, design: SamplingDesign, complete: Bool[ndarray, " block"]) -> dict[str, int]:
    """Return how many runs failed and how, and how many trajectories or base samples were left out for it."""
    return {
        "runs": len(design.points),
        "not_finite": int((found.status == PatientStatus.NOT_FINITE).sum()),
        "front": int((found.status == PatientStatus.FRONT).sum()),
        "blocks": design.blocks,
        "blocks_left_out": int((~complete).sum()),
    }


def _translation_shares(mechanisms: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the share of the variance of the cells' effect that is due to the translation, for each outcome."""
    return [
        {"readout": output["readout"], "day": output["day"]}
        | {name: row[name] for name in ("S1", "S1_conf", "ST", "ST_conf")}
        for output in mechanisms
        if output["world"] == "effect"
        for row in output["indices"]
        if row["factor"] == TRANSLATION
    ]  # fmt: skip


def _unit(readout: str, subject: Subject) -> str:
    return next(row["unit"] for row in readout_rows(subject.species) if row["readout"] == readout)


def _subject_json(subject: Subject) -> dict[str, Any]:
    return {
        "name": subject.name,
        "severity": subject.severity,
        "width_mm": subject.width_mm,
        "regimen": _regimen_json(subject.regimen) if subject.regimen else None,
        "changes": [asdict(change) for change in subject.changes],
    }


def _regimen_json(regimen: Regimen) -> dict[str, Any]:
    doses = [{"day": dose.day, "cells": dose.cells, "route": str(dose.route)} for dose in regimen.doses]
    return {"product": regimen.product, "translation": regimen.translation, "doses": doses}


def _assumptions() -> list[dict[str, Any]]:
    """Return what the analysis itself rests on; the inputs are listed with their ranges."""
    return [asdict(assumption_of(row)) for row in settings()]
