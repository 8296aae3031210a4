"""Several designs from the patients to the result, in one call."""

from collections.abc import Sequence
from itertools import chain
from typing import Any

from cordwise.bank.bank import BankSpec, PatientBank, build_bank
from cordwise.base.codec import to_plain
from cordwise.base.errors import Fault, InputError
from cordwise.base.progress import Advance, progress
from cordwise.base.randomness import Streams
from cordwise.cord.self_check import numerics, population_step_errors
from cordwise.population.posterior import load_posterior
from cordwise.trial.analyse.simulate import prepare, simulate_replicates
from cordwise.trial.characteristics.findings import find
from cordwise.trial.characteristics.sample_size import sample_size_curves
from cordwise.trial.compare.entrants import Compared, Entrant
from cordwise.trial.compare.result import comparison_json
from cordwise.trial.observe.counterfactuals import bank_spec, regimens, scenario_counterfactuals
from cordwise.trial.plan.plan import PlannedScenario, Treatment, TrialPlan
from cordwise.trial.run import BANK_PATIENTS

MOST_DESIGNS = 8  # more lines than these cannot be told apart in one chart

_Asked = tuple[BankSpec, tuple[tuple[PlannedScenario, Treatment], ...]]


def compare_designs(
    given: Sequence[Entrant],
    *,
    seed: int,
    replicates: int,
    workers: int = 1,
    quiet: bool = False,
    bank_patients: int = BANK_PATIENTS,
) -> dict[str, Any]:
    """Simulate every design on patients of the same seed and return the comparison as plain JSON values.

    Candidates come in the same order for every design: who meets the criteria of two designs is the same simulated
    person in both, with the same course of recovery and the same examiners.

    Raises
    ------
    InputError
        Fewer than two designs or too many, too few replicates, or a file a design names is missing or wrong.
    ModelError
        Nobody meets the entry criteria of a design, or simulation and theory part.
    """
    _require_numbers(given, replicates)
    streams = Streams(seed)
    with progress("tissue and patients", len(given) + sum(map(_worlds, given)), quiet=quiet) as advance:
        banks = shared_banks(given, streams, patients=bank_patients, on_progress=advance)
    with progress("trials", len(given) * replicates, quiet=quiet) as advance:
        compared = [
            simulate_entrant(each, bank, streams, replicates=replicates, workers=workers, on_progress=advance)
            for each, bank in zip(given, banks, strict=True)
        ]
    given_cells = chain.from_iterable(regimens(each.plan, streams) for each in given)
    solved = to_plain(numerics(population_step_errors(list(dict.fromkeys(given_cells)))))
    return {**comparison_json(compared, seed=seed, replicates=replicates), "numerics": solved}


def _require_numbers(given: Sequence[Entrant], replicates: int) -> None:
    faults = []
    if not 2 <= len(given) <= MOST_DESIGNS:
        advice = "Name the files one after the other: cordwise trial compare A.toml B.toml"
        faults.append(Fault("designs", f"2 to {MOST_DESIGNS} design files", str(len(given)), advice))
    if replicates < 2:
        faults.append(Fault("--replicates", "2 or more, so that rates have an error", str(replicates)))
    if faults:
        raise InputError(faults)


def shared_banks(
    given: Sequence[Entrant], streams: Streams, *, patients: int, on_progress: Advance = lambda _: None
) -> list[PatientBank]:
    """Return each design's bank; designs that ask for the same patients in the same worlds share one."""
    made: list[tuple[_Asked, PatientBank]] = []
    banks = []
    for each in given:
        spec = bank_spec(each.plan, patients=patients)
        asked: _Asked = (spec, tuple((s, t) for s in each.plan.scenarios for t in each.plan.treatments))
        bank = next((bank for known, bank in made if known == asked), None)
        if bank is None:
            counterfactuals = scenario_counterfactuals(each.plan, streams, on_progress=on_progress)
            bank = build_bank(spec, load_posterior(), streams, counterfactuals=counterfactuals)
            made.append((asked, bank))
        on_progress(1)
        banks.append(bank)
    return banks


def simulate_entrant(
    entrant: Entrant,
    bank: PatientBank,
    streams: Streams,
    *,
    replicates: int,
    workers: int = 1,
    on_progress: Advance = lambda _: None,
) -> Compared:
    """Simulate one design of a comparison on its bank."""
    prepared = prepare(entrant.plan, bank, streams)
    result = simulate_replicates(prepared, replicates=replicates, workers=workers, on_progress=on_progress)
    curves = sample_size_curves(prepared, replicates=replicates)
    return Compared(entrant, find(result, bank, curves), bank.ids)


def _worlds(entrant: Entrant) -> int:
    plan: TrialPlan = entrant.plan
    return (len(plan.scenarios) - 1) * len(plan.treatments)
