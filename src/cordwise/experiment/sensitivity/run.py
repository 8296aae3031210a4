"""Run a sensitivity analysis of one subject."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray

from cordwise.base.assumptions import Assumption
from cordwise.base.errors import InputError, ModelError
from cordwise.base.memory import BYTES, require_memory
from cordwise.base.progress import progress
from cordwise.base.provenance import Provenance
from cordwise.base.randomness import Streams, resolve_seed
from cordwise.base.threads import use_threads
from cordwise.cord.faults import choice_faults
from cordwise.cord.tissue import PatientStatus
from cordwise.experiment.readouts import readout_rows
from cordwise.experiment.sensitivity.designs import (
    SamplingDesign,
    SensitivityMethod,
    indices_of,
    ranked,
    screening,
    variance_design,
)
from cordwise.experiment.sensitivity.inputs import TRANSLATION, Input, inputs_of
from cordwise.experiment.sensitivity.outcomes import SensitivityOutcomes, simulate_points
from cordwise.experiment.sensitivity.result import (
    AnalysedSubject,
    FailedRuns,
    RankedOutcome,
    Sensitivity,
    TranslationShare,
)
from cordwise.experiment.sensitivity.settings import setting_of, settings
from cordwise.experiment.sensitivity.subject import Subject, origin_of, read_subject, subject_faults
from cordwise.experiment.tables import assumption_of
from cordwise.patient.life.result import GivenDose, GivenRegimen

WORLDS = ("without", "with", "effect")
_DESIGNS = 2


def run_sensitivity(
    subject: Subject | str | Path,
    *,
    method: SensitivityMethod | str = SensitivityMethod.MORRIS,
    samples: int | None = None,
    mechanism_samples: int | None = None,
    seed: int | None = None,
    workers: int | None = None,
    quiet: bool = True,
) -> Sensitivity:
    """Return which inputs decide the outcomes of a subject, and the share of variance that each mechanism makes.

    Parameters
    ----------
    subject
        A subject and the days on which outcomes are read, as `read_subject` returns it; or the file or the name of an
        experiment, of which the last condition with cells is analysed, or of a patient.
    method
        `morris` screening or `sobol` indices of single inputs; whole mechanisms always have Sobol indices.
    samples
        Trajectories of a screening, or base samples of Sobol indices (a power of 2).
    mechanism_samples
        Base samples of the variance shares of whole mechanisms (a power of 2).
    seed
        Decides designs, bootstrap and the patient of a patient file; drawn, and stored, when not given.
    workers
        Threads, every core when not given; the result does not depend on them.
    quiet
        Show no progress.

    Raises
    ------
    InputError
        A faulty file or subject, or SALib is not installed.
    ModelError
        Too few runs have a credible solution.
    """
    seed = resolve_seed(seed)
    for name, count in (("samples", samples), ("mechanism_samples", mechanism_samples)):
        require_memory(name, count or 1, BYTES["sample of a sensitivity analysis"])
    use_threads(workers)
    asked = subject if isinstance(subject, Subject) else read_subject(subject, seed=seed)
    if faults := [*subject_faults(asked), *choice_faults(method=(method, SensitivityMethod))]:
        raise InputError(faults)
    return _analysis(asked, Streams(seed), SensitivityMethod(method), samples, mechanism_samples, quiet=quiet)


def _analysis(
    subject: Subject,
    streams: Streams,
    method: SensitivityMethod,
    samples: int | None,
    mechanism_samples: int | None,
    *,
    quiet: bool,
) -> Sensitivity:
    inputs = inputs_of(subject)
    single = _single(inputs, method, samples, streams)
    whole_samples = mechanism_samples or int(setting_of("mechanism_samples"))
    whole = variance_design(inputs, whole_samples, streams("sensitivity-mechanisms").generator(), grouped=True)
    with progress("designs", _DESIGNS, quiet=quiet) as advance:
        outputs, failed = _analysed(subject, inputs, single, streams)
        advance(1)
        mechanisms, failed_whole = _analysed(subject, inputs, whole, streams)
        advance(1)
    options = {"method": str(method), "samples": single.blocks, "mechanism_samples": whole.blocks}
    return Sensitivity(
        question=_question(subject),
        method=method,
        samples=single.blocks,
        runs=len(single.points),
        mechanism_samples=whole.blocks,
        mechanism_runs=len(whole.points),
        species=subject.species,
        subject=_told(subject),
        days=subject.days,
        seed=streams.seed,
        inputs=inputs,
        outputs=outputs,
        mechanisms=mechanisms,
        translation=tuple(_translation_shares(mechanisms)),
        failed=failed,
        failed_of_mechanisms=failed_whole,
        assumptions=_assumptions(),
        provenance=Provenance.of(
            "cord sensitivity", streams.seed, origin_of(subject), **options, condition=subject.condition
        ),
    )


def _question(subject: Subject) -> str:
    what = "the outcome" if subject.regimen is None else "the outcome, and the effect of the cells,"
    return f"Which numbers of the tissue model decide {what} in {subject.name}?"


def _single(
    inputs: tuple[Input, ...], method: SensitivityMethod, samples: int | None, streams: Streams
) -> SamplingDesign:
    rng = streams("sensitivity-inputs").generator()
    if method == SensitivityMethod.MORRIS:
        return screening(inputs, samples or int(setting_of("trajectories")), rng)
    return variance_design(inputs, samples or int(setting_of("samples")), rng)


def _analysed(
    subject: Subject, inputs: tuple[Input, ...], design: SamplingDesign, streams: Streams
) -> tuple[tuple[RankedOutcome, ...], FailedRuns]:
    """Return the factors of a design ranked for each outcome, and how many of its runs failed."""
    found = simulate_points(subject, inputs, design.points)
    complete = design.complete(found.solved)
    if complete.sum() < setting_of("fewest_complete"):
        raise ModelError(f"the tissue model has no credible solution in {int((~found.solved).sum())} of the runs")
    mechanism_of = {each.name: each.mechanism for each in inputs}
    outputs: list[RankedOutcome] = []
    for world, name, at in _outcomes(found, subject):
        values = found.worlds[world][name][:, at]
        indices = indices_of(design, complete, values, streams("sensitivity-bootstrap").generator(len(outputs)))
        outputs.append(
            RankedOutcome(
                readout=name,
                unit=_unit(name, subject),
                day=subject.days[at],
                world=world,
                **_spread(values[found.solved]),
                indices=ranked(design, indices, mechanism_of),
            )
        )
    return tuple(outputs), _failed(found, design, complete)


def _outcomes(found: SensitivityOutcomes, subject: Subject) -> Iterator[tuple[str, str, int]]:
    """Yield without, with or effect, the read-out, and the place of the visit."""
    for world in WORLDS:
        for name in found.worlds.get(world, {}):
            yield from ((world, name, at) for at in range(len(subject.days)))


def _spread(values: Float[ndarray, " run"]) -> dict[str, float]:
    """Return how far an outcome varies over the runs of a design."""
    low, high = np.percentile(values, (5, 95))
    numbers = {"mean": values.mean(), "sd": values.std(ddof=1), "low90": low, "high90": high}
    return {name: float(f"{value:.6g}") for name, value in numbers.items()}


def _failed(found: SensitivityOutcomes, design: SamplingDesign, complete: Bool[ndarray, " block"]) -> FailedRuns:
    """Return how many runs failed and how, and how many trajectories or base samples were left out for it."""
    return FailedRuns(
        runs=len(design.points),
        not_finite=int((found.status == PatientStatus.NOT_FINITE).sum()),
        front=int((found.status == PatientStatus.FRONT).sum()),
        blocks=design.blocks,
        blocks_left_out=int((~complete).sum()),
    )


def _translation_shares(mechanisms: tuple[RankedOutcome, ...]) -> Iterator[TranslationShare]:
    """Yield the share of the variance of the cells' effect that is due to the translation, for each outcome."""
    for output in mechanisms:
        for row in output.shares if output.world == "effect" else ():
            if row.factor == TRANSLATION:
                yield TranslationShare(
                    readout=output.readout,
                    day=output.day,
                    S1=row.S1,
                    S1_conf=row.S1_conf,
                    ST=row.ST,
                    ST_conf=row.ST_conf,
                )


def _unit(readout: str, subject: Subject) -> str:
    return next(row["unit"] for row in readout_rows(subject.species) if row["readout"] == readout)


def _told(subject: Subject) -> AnalysedSubject:
    given = None
    if subject.regimen is not None:
        doses = tuple(GivenDose(dose.day, dose.cells, str(dose.route)) for dose in subject.regimen.doses)
        given = GivenRegimen(subject.regimen.product, subject.regimen.translation, doses)
    return AnalysedSubject(
        name=subject.name, severity=subject.severity, width_mm=subject.width_mm, regimen=given, changes=subject.changes
    )


def _assumptions() -> tuple[Assumption, ...]:
    """Return what the analysis itself rests on; the inputs are listed with their ranges."""
    return tuple(assumption_of(row) for row in settings())
