"""Markers of injury in the fluid and blood of an experiment's subjects, for which the tissue is read on more days."""

from collections.abc import Collection, Sequence

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.cord.batch import run_course
from cordwise.cord.biomarkers import MARKERS, biomarkers, marker_days
from cordwise.cord.devices import Device
from cordwise.cord.tissue import visits_of
from cordwise.experiment.host import with_host
from cordwise.experiment.plan import Condition
from cordwise.experiment.simulate import course_of
from cordwise.experiment.subjects import Subjects

Visits = Float[ndarray, "patient time"]

READ_OUTS = {f"csf_{name}": name for name in MARKERS}


def read_markers(
    condition: Condition,
    subjects: Subjects,
    days: Sequence[float] | Float[ndarray, " time"],
    asked: Collection[str],
    device: Device | str = Device.CPU,
) -> dict[str, Visits]:
    """Return the markers among the read-outs asked for, on each day; the tissue is simulated only if there are any."""
    wanted = [name for name in READ_OUTS if name in asked]
    if not wanted:
        return {}
    severity, width = subjects.lesion(condition.lesion)
    shown = np.atleast_1d(np.asarray(days, float))
    own = with_host(subjects.parameters, condition.host, subjects.species)
    course = course_of(condition, own, marker_days(shown), severity.size)
    out, _ = run_course(course, severity, width, device=device)
    visits = visits_of(course, out)
    found, read = biomarkers(visits), np.isin(visits.days, shown)
    return {name: getattr(found, READ_OUTS[name])[:, read] for name in wanted}
