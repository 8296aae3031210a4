"""Markers in the fluid of simulated patients in the first days, each with the error of its assay.

The tissue of everybody is simulated, with the patient's own severity, width and kinetics; an atlas holds no markers.
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float
from numpy import ndarray

from cordwise.base.randomness import Streams
from cordwise.cord.biomarkers import MARKERS, Biomarkers, biomarkers, marker_days, marker_numbers, measured
from cordwise.cord.parameters import load_parameters
from cordwise.cord.patient_kinetics import with_kinetics
from cordwise.cord.tissue import simulate_tissue
from cordwise.patient.counterfactual import without_cells
from cordwise.patient.patients import VirtualPatients

FIRST_DAYS = (1.0, 2.0, 3.0)


def patient_markers(
    patients: VirtualPatients, streams: Streams | None, days: Sequence[float] = FIRST_DAYS
) -> Biomarkers:
    """Return the markers of patients without cells, as an assay finds them on each day.

    Parameters
    ----------
    patients
        Who is examined.
    streams
        Random streams, from which the error of each marker and day is drawn by patient: a sample keeps its error
        whatever other days and markers are asked. No error when None.
    days
        Days after injury, rising.
    """
    asked = np.asarray(days, float)
    visits = simulate_tissue(
        without_cells().severity(patients),
        patients.width_mm,
        marker_days(asked),
        parameters=with_kinetics(load_parameters(), patients.kinetics),
    )
    exact, read = biomarkers(visits), np.isin(visits.days, asked)
    found = {name: getattr(exact, name)[:, read] for name in MARKERS}
    if streams is not None:
        found = {name: _assayed(values, name, asked, patients, streams) for name, values in found.items()}
    return Biomarkers(asked, **found)


def _assayed(
    marker: Float[ndarray, "patient time"],
    name: str,
    days: Float[ndarray, " time"],
    patients: VirtualPatients,
    streams: Streams,
) -> Float[ndarray, "patient time"]:
    errors = [streams(f"marker/{name}/day-{day:g}").normals(1, patients.ids) for day in days]
    return measured(marker, marker_numbers()[f"{name}_error"], np.concatenate(errors, axis=1))
