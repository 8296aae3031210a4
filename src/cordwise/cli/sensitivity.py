"""`cordwise cord sensitivity`: which numbers of the tissue model decide an outcome."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, cast

from cyclopts import Parameter

from cordwise.base.errors import InputError
from cordwise.cli.delivery import hand_over, open_run_folder
from cordwise.cli.options import Count, RunOptions, names_of

if TYPE_CHECKING:
    from cordwise.cord.product import Route
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
    file: Annotated[Path | None, Parameter(completer=names_of("patients", "experiments"))] = None,
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
        A patient file or an experiment file (TOML), or the name of a shipped one; without it, options describe the
        patient.
    method
        Morris screening, or Sobol indices, of single numbers; those of whole mechanisms are always Sobol indices.
    samples
        Trajectories of a screening, or base samples of Sobol indices (a power of 2).
    mechanism_samples
        Base samples of the variance shares of whole mechanisms (a power of 2).
    """
    from cordwise.experiment.sensitivity import read_subject, run_sensitivity
    from cordwise.experiment.sensitivity.subject import origin_of

    asked, options = subject or SubjectOptions(), options or RunOptions()
    seed = options.start("cord sensitivity")
    chosen = read_subject(file, condition=asked.condition, days=asked.days, seed=seed) if file else _of_options(asked)
    folder = open_run_folder(options)
    result = run_sensitivity(
        chosen,
        method=method,
        samples=samples,
        mechanism_samples=mechanism_samples,
        seed=seed,
        workers=options.workers,
        quiet=options.quiet,
    )
    if folder is not None:
        from cordwise.present.pictures import sensitivity_picture_png

        folder.write("sensitivity.png", sensitivity_picture_png(result))
    hand_over(result, origin_of(chosen), folder, options)


def _of_options(asked: SubjectOptions) -> "Subject":
    from cordwise.base.inputs import Origin
    from cordwise.cord.parameters import Species
    from cordwise.cord.product import Dose, Regimen, regimen_faults
    from cordwise.experiment.sensitivity import Subject
    from cordwise.experiment.sensitivity.subject import USUAL_DAYS

    regimen, cells = None, ""
    if asked.cells_day is not None:
        regimen = Regimen((Dose(asked.cells_day, asked.cells, cast("Route", asked.route)),), asked.product)
        cells = f", {asked.cells:,.0f} cells {asked.route} on day {asked.cells_day:g}"
    if faults := list(regimen_faults(regimen)):
        raise InputError(faults)
    name = f"a patient of severity {asked.severity:g} and width {asked.width:g} mm{cells}"
    days = asked.days or USUAL_DAYS[Species.HUMAN]
    told = "".join(f"{name} = {getattr(asked, name)}\n" for name in SubjectOptions.__slots__)
    return Subject(
        name, asked.severity, asked.width, days, regimen=regimen, origin=Origin("options.txt", told.encode())
    )
