"""`cordwise engine`: how exact and how fast the engine is, and the model for other programs."""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

from cyclopts import App, Parameter
from cyclopts.validators import Number

from cordwise.base.memory import BYTES, require_memory
from cordwise.cli.options import Count, Flag

if TYPE_CHECKING:
    from cordwise.base.result import Result
    from cordwise.cord.equations import SolverCase
    from cordwise.cord.product import Route

NOT_EXACT_ENOUGH = 3

app = App(name="engine", help="Check the engine against other solvers, time it, and export the model as SBML.")

Seed = Annotated[int, Parameter(validator=Number(gte=0))]


@app.command
def verify(
    *, patients: Count = 32, seed: Seed = 1, device: str = "cpu", json: Flag = False, quiet: Flag = False
) -> int:
    """Compare every preset with LSODA on varied patients; exit 3 when the standard one is not as exact as promised.

    Parameters
    ----------
    patients
        Simulated patients: all severities and widths, with no product and with three products.
    seed
        Seed of the random streams by which they are drawn.
    device
        What the engine runs on: cpu, or cuda for an NVIDIA GPU (extra gpu).
    json
        Print the result as JSON.
    quiet
        No progress.
    """
    from cordwise.base.progress import progress
    from cordwise.base.randomness import Streams
    from cordwise.cli.compiling import tell_when_compiling
    from cordwise.cord.verification.accuracy import LOOKED_AT_TWICE, verify_engine

    tell_when_compiling("engine verify", quiet=quiet)
    require_memory("patients", patients, BYTES["reference solution"])
    with progress("LSODA", LOOKED_AT_TWICE * patients, quiet=quiet) as advance:
        result = verify_engine(patients, Streams(seed), device=device, advance=advance)
    _print(result, as_json=json)
    return 0 if result.passed else NOT_EXACT_ENOUGH


@app.command
def benchmark(
    *, patients: Count = 2048, peer_patients: Count = 8, seed: Seed = 1, json: Flag = False, quiet: Flag = False
) -> None:
    """Time the engine beside other solvers at equal accuracy: same patients, same machine, same run.

    Parameters
    ----------
    patients
        Simulated patients for the engine.
    peer_patients
        The first of them, for the slower solvers.
    seed
        Seed of the random streams by which they are drawn.
    json
        Print the result as JSON.
    quiet
        Say nothing on the way.
    """
    from cordwise.base.randomness import Streams
    from cordwise.cli.compiling import tell_when_compiling
    from cordwise.cord.verification.speed import benchmark_engine

    tell_when_compiling("engine benchmark", quiet=quiet)

    def say(sentence: str) -> None:
        if not quiet:
            print(sentence, file=sys.stderr)

    require_memory("patients", patients, BYTES["patient"])
    require_memory("peer_patients", peer_patients, BYTES["reference solution"])
    result = benchmark_engine(patients, peer_patients, Streams(seed), say=say)
    _print(result, as_json=json)


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class PatientOptions:
    """The patient whose cord is exported."""

    severity: float = 0.8
    """Injury at the centre; 1 is a full impact."""
    width: float = 14.0
    """Standard deviation of the injury along the cord, in mm."""
    cells: float | None = None
    """Number of cells of one dose; no product when left out."""
    cells_day: float = 14.0
    """Day of the dose after injury."""
    route: str = "intravenous"
    """Route of the dose: intravenous, intrathecal or intralesional."""
    product: str = "autologous_msc"
    """Kind of product."""
    translation: float = 1.0
    """Share of the product's effect in rodents that carries over, 0 to 1."""
    species: str = "human"
    """Whose cord: human or rodent."""


@app.command(name="export-sbml")
def export(out: Path, /, *, patient: PatientOptions | None = None) -> None:
    """Write the tissue model of one simulated patient as SBML, for COPASI, libRoadRunner and other programs.

    Parameters
    ----------
    out
        The file to write, for example model.xml.
    """
    from cordwise.base.provenance import write_atomically
    from cordwise.cord.parameters import load_parameters
    from cordwise.cord.sbml.document import export_sbml

    chosen = patient or PatientOptions()
    text = export_sbml(_case(chosen), parameters=load_parameters(chosen.species))
    write_atomically(out, text.encode())
    print(f"Written: {out} (SBML level 3 version 2; {out.stat().st_size / 1e6:.1f} MB)", file=sys.stderr)


def _case(patient: PatientOptions) -> "SolverCase":
    """Return the patient that the options describe; every fault in them is reported at once."""
    import numpy as np

    from cordwise.base.errors import InputError
    from cordwise.cord.equations import SolverCase
    from cordwise.cord.faults import patient_faults
    from cordwise.cord.product import Dose, Regimen, regimen_faults

    doses = () if patient.cells is None else (Dose(patient.cells_day, patient.cells, cast("Route", patient.route)),)
    regimen = Regimen(doses, patient.product, patient.translation) if doses else None
    faults = [*patient_faults(np.array([patient.severity]), np.array([patient.width])), *regimen_faults(regimen)]
    if faults:
        raise InputError(faults)
    return SolverCase(patient.severity, patient.width, regimen)


def _print(result: "Result", *, as_json: bool) -> None:
    from cordwise.base.provenance import to_json

    print(to_json(result.to_dict()) if as_json else result, end="" if as_json else "\n")
