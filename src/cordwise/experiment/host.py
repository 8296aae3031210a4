"""The host: age, a suppressed immune system, a missing spleen, kinetics of its own; each as factors on rates."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from cordwise.base.assumptions import Assumption
from cordwise.base.tables import Row, packaged_numbers
from cordwise.cord.parameters import Species, TissueParameters
from cordwise.cord.patient_kinetics import KINETICS, with_kinetics
from cordwise.experiment.tables import setting, table


@dataclass(frozen=True, slots=True)
class Host:
    """Who bears the lesion; `aged` is 0 for a young adult, 1 for an aged animal or person.

    `kinetics` are deviates of the host's own rates, in the order of `KINETICS`, on top of what parts one subject from
    another; 0 is the typical cord.
    """

    aged: float = 0.0
    immunosuppressed: bool = False
    spleen_removed: bool = False
    kinetics: tuple[float, ...] = (0.0,) * len(KINETICS)


YOUNG_ADULT = Host()


def aged_of_label(label: str) -> float:
    """Return how aged a host is that is called young, adult or aged."""
    return 1.0 if label == "aged" else 0.0


def aged_of_age(age: float, species: Species) -> float:
    """Return how aged a host is, from months in rodents and years in people: linear between adult and aged."""
    adult, aged = setting("age_adult", species), setting("age_aged", species)
    return min(max((age - adult) / (aged - adult), 0.0), 1.0)


def with_host(parameters: TissueParameters, host: Host, species: Species) -> TissueParameters:
    """Return the parameters of a host; each number may be one or an array."""
    changed = parameters
    for row, part in _rows(host, species):
        factor = 1 + (float(row["factor"]) - 1) * part
        changed = changed._replace(**{row["target"]: getattr(changed, row["target"]) * factor})
    return with_kinetics(changed, np.array(host.kinetics)) if any(host.kinetics) else changed


def host_assumptions(host: Host, species: Species) -> Iterator[Assumption]:
    """Yield the numbers a host rests on, as a result lists them."""
    for row, _ in _rows(host, species):
        what = f"host {row['host'].replace('_', ' ')}: {row['meaning']} ({row['target']})"
        yield Assumption(what=what, value=float(row["factor"]), unit="x", source=row["source"], status=row["status"])
    for number, deviate in zip(packaged_numbers("cordwise.cord", "patient_kinetics"), host.kinetics, strict=True):
        if deviate:
            what = f"kinetics of a host's own, {number.name}: {number.meaning}"
            yield Assumption(
                what=what, value=number.value, unit=number.unit, source=number.source, status=number.status
            )


def _rows(host: Host, species: Species) -> Iterator[tuple[Row, float]]:
    parts = {
        "aged": host.aged,
        "immunosuppressed": float(host.immunosuppressed),
        "spleen_removed": float(host.spleen_removed),
    }
    for row in table("hosts"):
        if row["species"] in ("both", species) and parts[row["host"]] > 0:
            yield row, parts[row["host"]]
