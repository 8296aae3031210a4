"""Peaks, ratios and losses of time courses, as the bands of `time_courses.csv` ask for them, for many sets at once."""

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.cord.parameters import Species
from cordwise.experiment.lesion import usual_width_mm
from cordwise.experiment.plan import Condition, Lesion
from cordwise.experiment.readouts import least_myelin, lesion_length_mm, read_out, spared_share
from cordwise.experiment.simulate import SimulatedCords, simulate_condition
from cordwise.experiment.subjects import Subjects
from cordwise.experiment.tables import setting

# Close together where peaks are looked for; 180 days hold all bands.
_DAYS = np.unique(
    np.concatenate([np.geomspace(0.01, 1, 70), np.arange(1.05, 3, 0.05), np.arange(3, 16, 0.25), np.arange(16, 91, 2.0),
                    [10 / 24, 6.8 / 24, 54.5 / 24, 21.0, 180.0]]).round(6)
)  # fmt: skip

Values = Float[ndarray, " set"]
Course = Float[ndarray, "set time"]


def course_values(rodent: Subjects, human: Subjects) -> dict[str, Values]:
    """Return the value of every row of `time_courses.csv` for each parameter set."""
    rat, severe = _course(rodent, "severe"), _course(human, "severe")
    mild, moderate = _course(human, "mild"), _course(human, "moderate")
    return (
        _leukocytes("rat", rat) | _leukocytes("human", severe) | _cytokine(rat) | _water("rat", rat)
        | _water("human", severe) | _lengths(severe, mild) | _rat_losses(rat) | _human_losses(severe, mild, moderate)
        | _scar(rat)
    )  # fmt: skip


def _course(subjects: Subjects, severity: str) -> SimulatedCords:
    hit = setting(f"severity_{severity}", subjects.species)
    lesion = Lesion(hit, usual_width_mm(hit, subjects.species))
    return simulate_condition(Condition("natural course", lesion), subjects, _DAYS)


def _centre(cords: SimulatedCords, field: str) -> Course:
    return cords.fields[field][..., len(cords.axis_mm) // 2]


def _at(day: float, values: Course) -> Values:
    after = int(np.clip(np.searchsorted(_DAYS, day), 1, len(_DAYS) - 1))
    part = (day - _DAYS[after - 1]) / (_DAYS[after] - _DAYS[after - 1])
    return (1 - part) * values[:, after - 1] + part * values[:, after]


def _peak_day(values: Course) -> Values:
    """Return the day of the peak, of a parabola through the highest day and its neighbours."""
    at = np.clip(values.argmax(axis=1), 1, len(_DAYS) - 2)[:, None] + np.array([-1, 0, 1])
    day, height = _DAYS[at], np.take_along_axis(values, at, axis=1)
    rise, fall = ((height[:, 1 + side] - height[:, side]) / (day[:, 1 + side] - day[:, side]) for side in (0, 1))
    bend = (fall - rise) / (day[:, 2] - day[:, 0])
    flat = bend >= 0
    apex = (day[:, 0] + day[:, 1]) / 2 - rise / (2 * np.where(flat, 1.0, bend))
    return np.where(flat, day[:, 1], np.clip(apex, day[:, 0], day[:, 2]))


def _left(day: float, values: Course) -> Values:
    return _at(day, values) / values.max(axis=1)


def _leukocytes(who: str, cords: SimulatedCords) -> dict[str, Values]:
    neutrophil, inflammatory, repair = (
        _centre(cords, field) for field in ("neutrophil", "inflammatory_macrophage", "repair_macrophage")
    )
    ratio = inflammatory / np.maximum(repair, np.finfo(float).tiny)
    found = {
        f"{who} neutrophil peak": _peak_day(neutrophil),
        f"{who} macrophage peak": _peak_day(inflammatory + repair),
    }
    if cords.species == Species.HUMAN:
        return found
    return found | {
        f"{who} neutrophils at day 10 / peak": _left(10, neutrophil),
        f"{who} repair macrophage peak": _peak_day(repair),
        f"{who} inflammatory / repair at day 7": _at(7, ratio),
        f"{who} inflammatory / repair at day 28": _at(28, ratio),
        f"{who} inflammatory at day 28 / peak": _left(28, inflammatory),
    }


def _cytokine(rat: SimulatedCords) -> dict[str, Values]:
    cytokine = _centre(rat, "inflammation")
    return {
        "rat cytokine peak": 24 * _peak_day(cytokine),
        "rat cytokine at day 3 / peak": _left(3, cytokine),
        "rat cytokine at day 7 / peak": _left(7, cytokine),
    }


def _water(who: str, cords: SimulatedCords) -> dict[str, Values]:
    oedema, leak = _centre(cords, "oedema"), _centre(cords, "leak")
    found = {f"{who} oedema peak": _peak_day(oedema), f"{who} oedema at day 21 / peak": _left(21, oedema)}
    if cords.species == Species.HUMAN:
        return found
    return found | {f"{who} leak at day 7 / day 1": _at(7, leak) / _at(1, leak), f"{who} leak at day 28": _at(28, leak)}


def _lengths(severe: SimulatedCords, mild: SimulatedCords) -> dict[str, Values]:
    long, short = lesion_length_mm(severe), lesion_length_mm(mild)
    return {
        "human MRI length at 6.8 h": _at(6.8 / 24, long),
        "human MRI length at 54.5 h": _at(54.5 / 24, long),
        "mild human MRI growth 10 to 60 h": _at(60 / 24, short) - _at(10 / 24, short),
    }


def _rat_losses(rat: SimulatedCords) -> dict[str, Values]:
    seen, spared = read_out(rat), spared_share(rat)
    grey, white = seen["grey_lost_mm"], spared[:, :1] - spared
    return {
        "rat grey loss done by 24 h": _at(1, grey) / grey[:, -1],
        "rat later white loss done by day 7": _at(7, white) / np.maximum(white[:, -1], np.finfo(float).tiny),
        "rat spared share at day 90": _at(90, spared),
        "rat myelin at day 1": _at(1, least_myelin(rat)),
        "rat score on day 42": _at(42, seen["bbb"]),
    }


def _human_losses(severe: SimulatedCords, mild: SimulatedCords, moderate: SimulatedCords) -> dict[str, Values]:
    human, far = spared_share(moderate), np.abs(severe.axis_mm) > setting("far_grey")
    return {
        "severe human spared share at day 90": _at(90, spared_share(severe)),
        "mild human spared share at day 90": _at(90, spared_share(mild)),
        "severe human plastic gain at day 180": severe.growth[:, -1],
        "human white matter kept from day 14 to 180": human[:, -1] / _at(14, human),
        "far grey matter left": severe.fields["grey"][:, -1][:, far].min(axis=1),
    }


def _scar(rat: SimulatedCords) -> dict[str, Values]:
    width = usual_width_mm(setting("severity_severe", rat.species), rat.species)
    edge = int(np.argmin(np.abs(rat.axis_mm - setting("border_place") * width)))
    border, matrix = rat.fields["border"][..., edge], rat.fields["matrix"][..., edge]
    found = {f"rat border at day {day} / peak": _left(day, border) for day in (5, 14)}
    return found | {f"rat matrix at day {day} / peak": _left(day, matrix) for day in (14, 28, 56)}
