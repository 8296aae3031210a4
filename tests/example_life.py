"""The life of one simulated patient whom cells help visibly, made once for all tests of a worker."""

from dataclasses import replace
from functools import cache

from cordwise.cord.product import Dose, Regimen, Route
from cordwise.patient.file import read_patient
from cordwise.patient.life.result import PatientLife
from cordwise.population.example_patient import simulate_patient
from paths import ROOT

MANY_CELLS = Regimen((Dose(12.0, 3e8, Route.INTRALESIONAL),))  # all of their effect in rodents carries over


@cache
def helped() -> PatientLife:
    """Return the patient of `central_c` with many cells in the lesion, soon after baseline."""
    return simulate_patient(replace(read_patient(ROOT / "patients" / "central_c.toml"), regimen=MANY_CELLS), seed=1)


def same_worlds(life: PatientLife) -> PatientLife:
    """Return the patient as if the cells changed nothing."""
    return replace(
        life,
        fields=replace(life.fields, with_cells=life.fields.without),
        tracts=replace(life.tracts, with_cells=life.tracts.without),
        scores=replace(life.scores, with_cells=life.scores.without),
    )


def with_field(life: PatientLife, name: str, change) -> PatientLife:
    """Return the patient with one field of the cord with cells changed, value by value."""
    grid = tuple(tuple(map(change, row)) for row in life.fields.with_cells[name])
    return replace(life, fields=replace(life.fields, with_cells={**life.fields.with_cells, name: grid}))


def with_fibres(life: PatientLife, share: float) -> PatientLife:
    """Return the patient as if this share of every tract passed the lesion, on every day and in both worlds."""
    course = (share,) * len(life.days)
    fibres = {side: dict.fromkeys(tracts, course) for side, tracts in life.tracts.without.items()}
    return replace(life, tracts=replace(life.tracts, without=fibres, with_cells=fibres))
