"""`cordwise cord sensitivity`: which numbers of the tissue model decide an outcome."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, cast

from cyclopts import Parameter

from cordwise.base.errors import Fault, InputError
from cordwise.base.memory import BYTES, require_memory
from cordwise.base.provenance import Provenance, sha256_of
from cordwise.cli.delivery import deliver, open_run_folder, read_source
from cordwise.cli.options import Count, RunOptions

if TYPE_CHECKING:
    from cordwise.cord.product import Regimen, Route
    from cordwise.experiment.sensitivity import Subject


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class SubjectOptions:
    """The patient, when no file describes one."""

    severity: float = 0.8
    """Injury at the centre; 1 is a full impact."""
    width: float = 14.0
    """Standard deviation of the injury along the cord, in mm."""
    cells: float = 1e8
    """Number of cells of the dose."""
    cells_day: float | None = None
    """Day of the dose after injury; no cells when left out."""
    route: str = "intravenous"
    """Route of the dose: intravenous, intrathecal or intralesional."""
    product: str = "autologous_msc"
    """Kind of product."""
    condition: str | None = None
    """Condition of the experiment file, by its name; the last one with cells when left out."""
    days: tuple[float, ...] = ()
    """Days on which outcomes are read; 28, 183 and 365, or those of the experiment, when left out."""


def sensitivity(
    file: Path | None = None,
    /,
    *,
    method: Literal["morris", "sobol"] = "morris",
    samples: Count | None = None,
    mechanism_samples: Count | None = None,
    subject: SubjectOptions | None = None,
    options: RunOptions | None = None,
) -> None:
    """Rank the numbers of the tissue model by what they do to the outcome, and to the effect of cells on it.

    Parameters
    ----------
    file
        A patient file or an experiment file (TOML); without one, the patient is described by options.
    method
        Morris screening, or Sobol indices, of single numbers; those of whole mechanisms are always Sobol indices.
    samples
        Trajectories of a screening, or base samples of Sobol indices (a power of 2).
    mechanism_samples
        Base samples of the variance shares of whole mechanisms (a power of 2).
    """
    from cordwise.base.randomness import Streams
    from cordwise.experiment.sensitivity import run_sensitivity
    from cordwise.experiment.sensitivity.designs import SensitivityMethod
    from cordwise.experiment.sensitivity.words import summary_text

    asked, options = subject or SubjectOptions(), options or RunOptions()
    source = read_source(file) if file else _described(asked)
    require_memory("samples", samples or 1, BYTES["sample of a sensitivity analysis"])
    require_memory("mechanism_samples", mechanism_samples or 1, BYTES["sample of a sensitivity analysis"])
    seed = options.start()
    chosen = _of_file(file, asked, seed) if file else _of_options(asked)
    folder = open_run_folder(options)
    result = run_sensitivity(
        chosen, Streams(seed), method=SensitivityMethod(method), samples=samples, mechanism_samples=mechanism_samples
    )
    if folder is not None:
        from cordwise.present.pictures import sensitivity_picture_png

        folder.write("sensitivity.png", sensitivity_picture_png(result))
    name = file.name if file else "options.txt"
    choices = {name: result[name] for name in ("method", "samples", "mechanism_samples")}
    choices["condition"] = chosen.name if file else None
    provenance = Provenance("cord sensitivity", seed, name, sha256_of(source), choices)
    deliver(result, summary_text(result), folder=folder, provenance=provenance, source=source, options=options)


def _described(asked: SubjectOptions) -> bytes:
    """Return the options as the input that a run folder keeps."""
    return "".join(f"{name} = {getattr(asked, name)}\n" for name in SubjectOptions.__slots__).encode()


def _of_options(asked: SubjectOptions) -> "Subject":
    from cordwise.cord.parameters import Species
    from cordwise.cord.product import Dose, regimen_faults
    from cordwise.cord.product import Regimen as Product
    from cordwise.experiment.sensitivity import Subject
    from cordwise.experiment.sensitivity.subject import USUAL_DAYS

    regimen: Regimen | None = None
    if asked.cells_day is not None:
        doses = (Dose(asked.cells_day, asked.cells, cast("Route", asked.route)),)
        regimen = Product(doses, asked.product)
    faults = list(regimen_faults(regimen))
    if faults:
        raise InputError(faults)
    cells = (
        f", {asked.cells:,.0f} cells {asked.route} on day {asked.cells_day:g}" if asked.cells_day is not None else ""
    )
    name = f"a patient of severity {asked.severity:g} and width {asked.width:g} mm{cells}"
    return Subject(name, asked.severity, asked.width, asked.days or USUAL_DAYS[Species.HUMAN], regimen=regimen)


def _of_file(file: Path, asked: SubjectOptions, seed: int) -> "Subject":
    """Return the subject of an experiment file or of a patient file, told apart by their tables."""
    from cordwise.base.toml import read_toml

    if "conditions" in read_toml(file):
        from cordwise.experiment import read_experiment
        from cordwise.experiment.sensitivity.subject import subject_of

        return subject_of(read_experiment(file), asked.condition, asked.days or None)
    if asked.condition is not None:
        raise InputError([Fault("--condition", "an experiment file", f"the patient file {file.name}")])
    return _of_patient(file, asked, seed)


def _of_patient(file: Path, asked: SubjectOptions, seed: int) -> "Subject":
    """Return the typical patient that a patient file asks for, with its severity, width and cells."""
    from cordwise.base.randomness import Streams
    from cordwise.cord.parameters import Species
    from cordwise.cord.product import Dose, Regimen
    from cordwise.experiment.sensitivity import Subject
    from cordwise.experiment.sensitivity.subject import USUAL_DAYS
    from cordwise.patient.file import read_patient
    from cordwise.population.example_patient import example_patient_life
    from cordwise.population.posterior import load_posterior

    life = example_patient_life(read_patient(file), load_posterior(), Streams(seed))
    who, given = life.patient, life.regimen
    doses = tuple(Dose(dose.day, dose.cells, cast("Route", dose.route)) for dose in given.doses)
    regimen: Any = Regimen(doses, given.product, given.translation)
    name = f"the typical patient of {file.name}"
    return Subject(name, who.severity, who.width_mm, asked.days or USUAL_DAYS[Species.HUMAN], regimen=regimen)
