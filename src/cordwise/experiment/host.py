"""The host: age, a suppressed immune system, a missing spleen; each as factors on rates of the tissue."""

from collections.abc import Iterator
from dataclasses import dataclass

from cordwise.base.assumptions import Assumption
from cordwise.base.tables import Row
from cordwise.cord.parameters import Species, TissueParameters
from cordwise.experiment.tables import setting, table


@dataclass(frozen=True, slots=True)
class Host:
    """Who bears the lesion; `aged` is 0 for a young adult, 1 for an aged animal or person."""

    aged: float = 0.0
    immunosuppressed: bool = False
    spleen_removed: bool = False


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
    return changed


def host_assumptions(host: Host, species: Species) -> Iterator[Assumption]:
    """Yield the numbers a host rests on, as a result lists them."""
    for row, _ in _rows(host, species):
        what = f"host {row['host'].replace('_', ' ')}: {row['meaning']} ({row['target']})"
        yield Assumption(what=what, value=float(row["factor"]), unit="x", source=row["source"], status=row["status"])


def _rows(host: Host, species: Species) -> Iterator[tuple[Row, float]]:
    parts = {
        "aged": host.aged,
        "immunosuppressed": float(host.immunosuppressed),
        "spleen_removed": float(host.spleen_removed),
    }
    for row in table("hosts"):
        if row["species"] in ("both", species) and parts[row["host"]] > 0:
            yield row, parts[row["host"]]
