"""A simulated population as a table: who the people are, and what every examination of theirs shows."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Bool, Int
from numpy import ndarray

from cordwise.base.errors import Fault, InputError
from cordwise.base.memory import require_memory
from cordwise.base.progress import progress
from cordwise.base.randomness import Streams, resolve_seed
from cordwise.base.threads import use_threads
from cordwise.cord.faults import LATEST_DAY
from cordwise.cord.geometry import cord_geometry
from cordwise.cord.product import AutologousRegimen, Regimen
from cordwise.isncsci import AIS, LEVELS
from cordwise.patient.counterfactual import Counterfactual, with_cells, without_cells
from cordwise.patient.file_types import levels_of
from cordwise.patient.outcomes import Outcomes, VisitNoise, assess, draw_visit_noise
from cordwise.patient.parameters import ParameterSets, PopulationParameters
from cordwise.patient.patients import VirtualPatients, deviates_of, form_patients
from cordwise.population.entry import is_eligible
from cordwise.population.examination_day import visit_label
from cordwise.population.posterior import load_posterior

if TYPE_CHECKING:
    import polars as pl

ROUND_BYTES = 256e6
"""Memory for the random numbers of the people simulated at a time; the table does not depend on it."""
_BYTES_OF_A_PERSON, _BYTES_OF_A_VISIT = 800.0, 560.0  # of random numbers
_FEWEST_AT_A_TIME, _MOST_TRIED_FOR_ONE = 4096, 8  # a round costs as much for few people as for some thousands
_BYTES_OF_A_ROW = 150.0  # of the table and of its last joining
_TRIED_BEFORE_GIVING_UP = 262_144  # people examined before a kind of patient counts as one the population lacks
_LEAST_SHARE = 1 / 5000
_ALL_GRADES = "ABCDE"
_SCORES = ("uems", "lems", "light_touch", "pin_prick", "scim", "wisci")
_ORDER = (
    "person", "parameter_set", "age", "sex", "centre", "severity", "day", "ais", "nli", "uems", "lems", "total_motor",
    "light_touch", "pin_prick", "scim", "wisci",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Asked:
    """Who is kept, by the examination on the first day without cells, and when everybody is seen."""

    days: tuple[float, ...]
    grades: tuple[int, ...]
    levels: tuple[int, int]
    cells: Regimen | None

    @property
    def world(self) -> Counterfactual:
        return without_cells() if self.cells is None else with_cells(self.cells, self.days[-1])

    @property
    def keeps_everybody(self) -> bool:
        return len(self.grades) == len(_ALL_GRADES) and self.levels == (0, len(LEVELS) - 1)


def simulate_population(
    count: int,
    *,
    days: Sequence[int | float],
    grades: Iterable[str] | None = None,
    levels: str | None = None,
    cells: Regimen | AutologousRegimen | None = None,
    seed: int | None = None,
    workers: int | None = None,
    quiet: bool = True,
) -> "pl.DataFrame":
    """Simulate people of the fitted population and examine each on the given days.

    Parameters
    ----------
    count
        People in the table.
    days
        Days of the examinations, after injury; an examination is the same whatever others there are.
    grades, levels
        Keep only people with these AIS grades, such as `"AB"`, and neurological levels, such as `"C2-C8"`, on the first
        of the days, without the cells; everybody when None.
    cells
        Doses that everybody gets on known days, such as `read_patient("central_c").regimen`; natural recovery when
        None. The same seed gives the same people with cells and without.
    seed
        Seed of the random streams: the same seed gives the same table, whatever the workers. Drawn when None.
    workers
        Threads to use, every core when None.
    quiet
        No progress.

    Returns
    -------
    polars.DataFrame
        One row for each person and day: `person`, `parameter_set` (of the fitted ensemble; people take the sets in
        turn, so that the table carries the uncertainty of the fit), `age`, `sex`, `centre` (segment of the lesion's
        centre), `severity` (0 to 2), `day`, `ais`, `nli`, `uems`, `lems`, `total_motor`, `light_touch`, `pin_prick`,
        `scim`, `wisci`.

    Raises
    ------
    InputError
        An argument is out of range, or the population holds hardly anybody of the kind asked for.
    """
    import polars as pl

    asked = _checked(count, days, grades, levels, cells)
    require_memory("count", count, _BYTES_OF_A_ROW * len(asked.days))
    use_threads(workers)
    streams, sets = Streams(resolve_seed(seed)), load_posterior().draws
    tables, found, tried = [], 0, 0
    with progress("simulating people", count, quiet=quiet) as advance:
        while found < count:
            ids = np.arange(tried, tried + _round_size(count - found, asked))
            table = _people(ids, sets, streams, asked).head((count - found) * len(asked.days))
            tables.append(table)
            tried, new = tried + len(ids), len(table) // len(asked.days)
            found += new
            advance(new)
            if tried >= _TRIED_BEFORE_GIVING_UP and found < _LEAST_SHARE * tried:
                raise InputError([_hardly_anybody(found, tried)])
    return pl.concat(tables)


def _checked(
    count: int,
    days: Sequence[int | float],
    grades: Iterable[str] | None,
    levels: str | None,
    cells: Regimen | AutologousRegimen | None,
) -> _Asked:
    faults = []
    if count < 1:
        faults.append(Fault("count", "1 or more", str(count), is_argument=True))
    wrong = [day for day in days if not (math.isfinite(day) and 0 <= day <= LATEST_DAY)]
    if wrong or not len(days):
        found = ", ".join(f"{day:g}" for day in wrong) or "none"
        faults.append(Fault("days", f"days after injury, 0 to {LATEST_DAY:g}", found, is_argument=True))
    wanted = _ALL_GRADES if grades is None else tuple(grades)
    if not wanted or set(wanted) - set(_ALL_GRADES):
        faults.append(Fault("grades", f"some of {', '.join(_ALL_GRADES)}", "".join(wanted), is_argument=True))
    span = (0, len(LEVELS) - 1) if levels is None else _span(levels)
    if span is None:
        faults.append(Fault("levels", 'two levels from the head down, such as "C2-C8"', str(levels), is_argument=True))
    if isinstance(cells, AutologousRegimen):
        found = "a product grown to order, which comes on a day of each person's own"
        faults.append(Fault("cells", "doses on known days", found, is_argument=True))
    if faults or span is None or isinstance(cells, AutologousRegimen):
        raise InputError(faults)
    return _Asked(tuple(sorted(set(map(float, days)))), tuple(sorted({AIS[grade] for grade in wanted})), span, cells)


def _span(levels: str) -> tuple[int, int] | None:
    try:
        upper, lower = levels_of(levels)
    except (KeyError, ValueError):
        return None
    return (upper, lower) if upper <= lower else None


def _round_size(wanted: int, asked: _Asked) -> int:
    """Return how many people are simulated next, so that their random numbers stay within `ROUND_BYTES`."""
    most = max(1, int(ROUND_BYTES / (_BYTES_OF_A_PERSON + _BYTES_OF_A_VISIT * len(asked.days))))
    return min(most, wanted if asked.keeps_everybody else max(_FEWEST_AT_A_TIME, _MOST_TRIED_FOR_ONE * wanted))


def _people(
    ids: Int[ndarray, " person"], sets: Sequence[PopulationParameters], streams: Streams, asked: _Asked
) -> "pl.DataFrame":
    """Return the rows of some people; they take the parameter sets in turn."""
    parameters = ParameterSets(tuple(sets), ids % len(sets))
    people = form_patients(parameters, deviates_of(streams, ids))
    noise = draw_visit_noise(streams, [visit_label(day) for day in asked.days], ids)
    seen = _seen(people, parameters, noise, asked.days, asked.world)
    kept = np.flatnonzero(_kept(people, seen, parameters, noise, asked))
    return _table(people[kept], seen[kept], parameters[kept], asked)


def _seen(
    people: VirtualPatients,
    parameters: ParameterSets,
    noise: VisitNoise,
    days: Sequence[float],
    world: Counterfactual,
) -> Outcomes:
    return assess(people, np.tile(np.array(days), (len(people), 1)), parameters, noise, world)


def _kept(
    people: VirtualPatients, seen: Outcomes, parameters: ParameterSets, noise: VisitNoise, asked: _Asked
) -> Bool[ndarray, " patient"]:
    """Say who is of the kind asked for at the first examination, had nobody got cells."""
    if asked.keeps_everybody:
        return np.ones(len(people), bool)
    if asked.cells is not None:
        first = VisitNoise(np.ascontiguousarray(noise.examination[:, :1]), noise.function[:, :1])
        seen = _seen(people, parameters, first, asked.days[:1], without_cells())
    return is_eligible(seen, asked.levels, asked.grades)


def _table(people: VirtualPatients, seen: Outcomes, parameters: ParameterSets, asked: _Asked) -> "pl.DataFrame":
    import polars as pl

    cord, visits = cord_geometry(parameters.cord_length_mm), len(asked.days)
    centres = [cord.segment_at(float(centre)) for centre in people.centre_mm]
    of_person = {
        "person": people.ids.astype(np.uint32),
        "age": people.age_years.round(1),
        "sex": np.where(people.is_male, "male", "female"),
        "centre": np.array(centres, dtype=object),
        "severity": without_cells().severity(people).round(3),
    }
    columns = {name: np.repeat(values, visits) for name, values in of_person.items()}
    columns |= {name: getattr(seen, name).astype(np.int16).ravel() for name in _SCORES}
    columns |= {
        "parameter_set": np.repeat(parameters.number.astype(np.uint16), visits),
        "day": np.tile(np.array(asked.days), len(people)),
        "ais": np.array(list(_ALL_GRADES), dtype=object)[seen.ais.ravel()],
        "nli": np.array(LEVELS, dtype=object)[seen.neurological_level.ravel()],
        "total_motor": columns["uems"] + columns["lems"],
    }
    words = {"sex": ("female", "male"), "ais": tuple(_ALL_GRADES), "nli": LEVELS, "centre": LEVELS}
    series = (pl.Series(name, columns[name], dtype=pl.Enum(words[name]) if name in words else None) for name in _ORDER)
    return pl.DataFrame(list(series))


def _hardly_anybody(found: int, tried: int) -> Fault:
    told = f"{found} among {tried} simulated people"
    return Fault("grades and levels", "a kind of patient that the population holds", told, "Widen the levels.")
