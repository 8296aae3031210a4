"""People examined: each simulated cord becomes a person, whom the examiner of the population meets on each day.

A person is drawn from the central set of the fitted population, but for the lesion: its place and width are those of
the experiment, and so are the fibres that survive, tract by tract and side by side, on top of which the person's own
deviates of tracts and sides stay.  Conduction, growth and grey matter count relative to the first injured condition
after a year.  Person and noise are the same in every condition.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float, Int8
from numpy import ndarray

from cordwise.base.randomness import Streams
from cordwise.cord.courses import TissueCourses, share_log_odds
from cordwise.cord.devices import Device
from cordwise.cord.geometry import cord_geometry
from cordwise.experiment.host import Host
from cordwise.experiment.plan import Condition, Experiment
from cordwise.experiment.readouts import conduction_kept, grey_lost_mm
from cordwise.experiment.simulate import SimulatedCords, simulate_condition
from cordwise.experiment.subjects import Subjects
from cordwise.experiment.tables import setting
from cordwise.experiment.tract_shares import other_descending, tract_shares
from cordwise.isncsci import level_index
from cordwise.patient.outcomes import Outcomes, assess_courses, draw_visit_noise
from cordwise.patient.parameters import PopulationParameters
from cordwise.patient.patients import VirtualPatients, draw_deviates, lesioned_patients, tract_deviates
from cordwise.population.posterior import shipped_fit

SCORES = ("uems", "lems", "light_touch", "pin_prick", "scim")
GRADES = ("ais_a", "ais_b", "ais_c", "ais_d", "ais_e")
CONVERSIONS = {"ais_a_to_incomplete": 0, "ais_b_to_motor_incomplete": 1, "ais_c_to_d": 2}
"""Read-outs of conversion by the grade at entry: those of this grade who have a better one."""
EXAMINED = frozenset({*SCORES, "ais", *GRADES, "ais_improved", *CONVERSIONS})
_YEAR = 365.0
_BEST_SCIM = 100

Visits = Float[ndarray, "patient time"]


@dataclass(frozen=True, slots=True)
class Examiner:
    """The people of an experiment and what they are compared with: the first injured condition after a year.

    `deviates` are those of each person's tracts; `entry` is the AIS grade at entry in that condition.
    """

    people: VirtualPatients
    deviates: Float[ndarray, "patient side tract"]
    parameters: PopulationParameters
    streams: Streams
    subjects: Subjects
    conduction: Visits
    growth: Visits
    grey_lost: Visits
    entry: Int8[ndarray, " patient"]

    def read(self, condition: Condition, cords: SimulatedCords) -> dict[str, Visits]:
        """Return every examined read-out of one condition on each day; NaN for who has no part in a conversion."""
        log_odds = _log_odds(cords)
        days = [_assess(self, condition, cords, log_odds, at) for at in range(len(cords.days))]
        found = days[0] if len(days) == 1 else _joined(days)
        scores: dict[str, Visits] = {name: getattr(found, name).astype(float) for name in SCORES}
        scores["scim"] = with_age(scores["scim"], condition.host, cords.days)
        grade, entry = found.ais.astype(float), self.entry[:, None]
        shares = {name: (grade == at).astype(float) for at, name in enumerate(GRADES)}
        better = (grade > entry).astype(float)
        moved = {name: np.where(entry == at, better, np.nan) for name, at in CONVERSIONS.items()}
        return scores | {"ais": grade} | shares | {"ais_improved": better} | moved


def examiner_of(
    experiment: Experiment, subjects: Subjects, streams: Streams, device: Device | str = Device.CPU
) -> Examiner:
    """Return the examiner of an experiment on people."""
    first = next((each for each in experiment.conditions if each.lesion.severity > 0), experiment.conditions[0])
    cords = simulate_condition(first, subjects, (setting("entry_day"), _YEAR), device=device)
    parameters = shipped_fit().best
    drawn = draw_deviates(streams, count=len(cords.status))
    lost = grey_lost_mm(cords)[:, -1:]
    log_odds = _log_odds(cords)
    severity = log_odds[:, -1, :, 0].mean(axis=1)
    people = lesioned_patients(parameters, drawn, np.zeros(len(severity)), severity)
    examiner = Examiner(
        people=replace(people, grey_loss=people.grey_loss * (lost[:, 0] > 0)),
        deviates=tract_deviates(parameters, drawn.normals),
        parameters=parameters,
        streams=streams,
        subjects=subjects,
        conduction=conduction_kept(cords)[:, -1:],
        growth=cords.growth[:, -1:] + cords.growth_to_come[:, -1:],
        grey_lost=lost,
        entry=np.zeros(len(severity), np.int8),
    )
    return replace(examiner, entry=_assess(examiner, first, cords, log_odds, 0).ais[:, 0])


def with_age(scim: Visits, host: Host, days: Float[ndarray, " time"]) -> Visits:
    """Return SCIM as age changes it: by some points a decade, which tell as function is learned."""
    decades = host.aged * (setting("age_aged") - setting("age_adult")) / 10
    points = setting("scim_age_decade") * decades * -np.expm1(-days / setting("scim_age_days"))
    return np.clip(scim + points, 0, _BEST_SCIM) if decades else scim


def _assess(
    examiner: Examiner,
    condition: Condition,
    cords: SimulatedCords,
    log_odds: Float[ndarray, "patient time side tract"],
    at: int,
) -> Outcomes:
    """Return what an examination of everybody finds on one day."""
    place = cord_geometry(examiner.parameters.cord_length_mm).segment_middle_mm[level_index(condition.lesion.level)]
    _, width = examiner.subjects.lesion(condition.lesion)
    people = replace(
        examiner.people,
        centre_mm=np.full(len(width), float(place)),
        width_mm=width,
        tract_log_odds=log_odds[:, at] + examiner.deviates,
    )
    one = slice(at, at + 1)
    courses = TissueCourses(
        axon_log_odds=np.zeros((len(width), 1)),
        conduction=_relative(conduction_kept(cords)[:, one], examiner.conduction),
        growth=_relative(cords.growth[:, one], examiner.growth),
        grey_loss=_relative(grey_lost_mm(cords)[:, one], examiner.grey_lost),
        node_repair_days=cords.fields["node_repair"][:, one].min(axis=-1),
    )
    days = np.full((len(width), 1), cords.days[at])
    noise = draw_visit_noise(examiner.streams, [f"day {cords.days[at]:g}"], people.ids)
    return assess_courses(people, days, examiner.parameters, noise, courses)


def _log_odds(cords: SimulatedCords) -> Float[ndarray, "patient time side tract"]:
    """Return the log odds that the fibres of each tract survive and are not blocked, as patients have them."""
    shares = tract_shares(cords).unblocked
    tracts = (
        shares["corticospinal"],
        other_descending(shares),
        shares["dorsal_column"],
        shares["spinothalamic"],
    )
    return share_log_odds(np.stack([np.nan_to_num(share) for share in tracts], axis=-1))


def _relative(values: Visits, final: Visits) -> Visits:
    """Return values as a share of the final ones; 1 where there are none."""
    usable = np.isfinite(values) & np.isfinite(final) & (final > 0)
    return np.divide(values, final, out=np.ones_like(values), where=usable)


def _joined(days: Sequence[Outcomes]) -> Outcomes:
    joined = days[0]
    for later in days[1:]:
        joined = joined.then(later)
    return joined
