"""`cordwise trial`: the operating characteristics of a design."""

from collections.abc import Mapping
from typing import Annotated, Literal

from cyclopts import App, Parameter
from cyclopts.validators import Number

from cordwise.base.errors import Fault, InputError
from cordwise.cli.delivery import hand_over, open_run_folder
from cordwise.cli.options import Count, DesignName, PopulationOptions, RunOptions

app = App(name="trial", help="Simulate trial designs on virtual patients.")

app.command("cordwise.cli.trial_compare:compare", name="compare", help="Compare designs on the same virtual patients.")
app.command(
    "cordwise.cli.trial_optimise:optimise", name="optimise", help="Search for the cheapest design that will do."
)
app.command("cordwise.cli.escalation:escalate", name="escalate", help="Simulate dose-escalation designs.")

Effort = Literal["explore", "design", "dossier"]
_REPLICATES = 2000


@app.command
def simulate(
    design: DesignName,
    /,
    *,
    replicates: Count | None = None,
    effort: Effort | None = None,
    precision: Annotated[float | None, Parameter(validator=Number(gt=0, lt=0.5))] = None,
    whose: PopulationOptions | None = None,
    options: RunOptions | None = None,
) -> None:
    """Simulate a trial design under its null and its effect scenarios.

    Parameters
    ----------
    design
        The design file (TOML), or the name of a shipped one such as subacute_msc.
    replicates
        Simulated trials in each scenario, 2000 when not given; their part of the error falls with its square root.
    effort
        Instead of a number: explore (1,000), design (10,000) or dossier (100,000).
    precision
        Stop as soon as the error of the simulation (replicates and people) is no larger for any scenario's reject rate.
    """
    from cordwise.trial.design.file import read_design
    from cordwise.trial.run import EFFORTS, simulate_trial, with_portrait

    options = options or RunOptions()
    checked = read_design(design)
    count = _replicates(replicates, effort, EFFORTS)
    population = (whose or PopulationOptions()).chosen()
    origin = population.kept_with(checked.origin) if population else checked.origin
    folder = open_run_folder(options)
    result = simulate_trial(
        checked,
        population=population,
        replicates=count,
        precision=precision,
        seed=options.start("trial simulate"),
        workers=options.workers,
        quiet=options.quiet,
        portrait=False,
    )
    hand_over(result, origin, folder, options, finish=lambda answer: with_portrait(answer, checked))


def _replicates(replicates: int | None, effort: str | None, efforts: Mapping[str, int]) -> int:
    """Return how many trials are asked for, in one of two ways."""
    if replicates is not None and effort is not None:
        found = f"--replicates {replicates} and --effort {effort}"
        raise InputError([Fault("--effort", "either --effort or --replicates", found)])
    return efforts[effort] if effort is not None else replicates or _REPLICATES
