"""Make the example tables of `registries/`: an invented registry, whose people are simulated and whose year is known.

Run it with `python verification/example_registry.py`; it writes both tables again, the same bytes every time.
Its people come from one parameter set, of the 200 that a check uses; that so few are drawn is the sampling error of
the figures.
"""

import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from cordwise.base.examples import example_folder
from cordwise.base.randomness import Streams
from cordwise.evidence import Target
from cordwise.evidence.printed import grade_range, level_range
from cordwise.evidence.targets import targets_text
from cordwise.patient.counterfactual import without_cells
from cordwise.population.observation import ExaminedPatients, Schedule, plan_schedules
from cordwise.population.posterior import load_posterior
from cordwise.population.prediction import draw_subjects, read_predictions, simulate

SEED, PARAMETER_SET, PEOPLE = 20261128, 150, 300
SOURCE = "Invented registry: simulated people, not patients"
NOTE = "example table made by verification/example_registry.py"
WINDOW, ENTRY_DAY, YEAR = (7.0, 21.0), 14.0, 365.0
LATER = (
    *(("uems", grade, "C1-T1", "") for grade in "ABCD"),
    *(("lems", grade, "C1-T1", "") for grade in "ABCD"),
    ("pin_prick", "A", "C1-S5", ""),
    ("light_touch", "C", "C1-S5", ""),
    ("ais", "A", "C1-S5", "improved"),
    ("ais", "B", "C1-S5", "improved"),
)
SHARES = (("A", "C1-T1"), ("A", "T2-S5"), ("B", "C1-S5"), ("C", "C1-S5"), ("D", "C1-S5"))
AT_ENTRY = (("uems", "A-D", "C1-T1", ""), ("lems", "A-D", "C1-S5", ""))


def main() -> int:
    """Write both tables and return 0."""
    later = [_row(f"R{at:02}", *asked, day=YEAR) for at, asked in enumerate(LATER, 1)]
    entry = [_row(f"E{at:02}", *asked, day=ENTRY_DAY) for at, asked in enumerate(AT_ENTRY, len(SHARES) + 1)]
    shares = [_row(f"E{at:02}", "ais", *asked, asked[0], day=ENTRY_DAY) for at, asked in enumerate(SHARES, 1)]
    people = {schedule: _people(schedule) for schedule in plan_schedules([*later, *entry])}
    found = read_predictions([*later, *entry], people)
    filled = [_filled(*each) for each in zip([*later, *entry], found.mean, found.sd, found.count, strict=True)]
    folder = example_folder("registries")
    (folder / "my_registry.csv").write_text(targets_text(filled[: len(later)]))
    registered = next(iter(people.values()))
    (folder / "my_registry_at_entry.csv").write_text(
        targets_text([*_shares(shares, registered), *filled[len(later) :]])
    )
    return 0


def _row(name: str, measure: str, grades: str, levels: str, category: str, *, day: float) -> Target:
    (low, high), (first, last) = grade_range(grades) or (0, 3), level_range(levels) or (0, 28)
    return Target(
        target_id=name, source=SOURCE, doi_or_pmid="", baseline_ais=grades, baseline_grade_low=low,
        baseline_grade_high=high, levels=levels, level_first=first, level_last=last, baseline_day_min=WINDOW[0],
        baseline_day_max=WINDOW[1], followup_day=day, measure=measure, category=category, category_low=0,
        category_high=4, is_improvement=category == "improved",
        statistic="proportion" if measure == "ais" else "mean", value=np.nan, sd=np.nan, n=np.nan, note=NOTE,
    )  # fmt: skip


def _people(schedule: Schedule) -> ExaminedPatients:
    parameters = load_posterior().draws[PARAMETER_SET]
    return simulate(draw_subjects(schedule, Streams(SEED), count=PEOPLE), parameters, without_cells())


def _filled(target: Target, mean: float, sd: float, count: float) -> Target:
    is_share = target.measure == "ais"
    return replace(
        target, value=round(mean, 3 if is_share else 1), sd=np.nan if is_share else round(sd, 1), n=float(count)
    )


def _shares(rows: Iterable[Target], people: ExaminedPatients) -> Iterator[Target]:
    """Yield the rows that give the share of everybody with a grade and level at entry."""
    grades, levels = people.outcomes.ais[:, 0], people.outcomes.neurological_level[:, 0]
    registered = grades <= 3
    for row in rows:
        inside = (grades == row.baseline_grade_low) & (levels >= row.level_first) & (levels <= row.level_last)
        yield replace(row, value=round(float(inside[registered].mean()), 3), n=float(registered.sum()))


if __name__ == "__main__":
    sys.exit(main())
