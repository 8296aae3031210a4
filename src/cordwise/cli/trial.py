"""`cordwise trial`: the operating characteristics of a design."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

from cyclopts import App, Parameter
from cyclopts.validators import Number

from cordwise.base.errors import Fault, InputError
from cordwise.base.memory import BYTES, require_memory
from cordwise.cli.delivery import deliver, hashes, open_run_folder, read_companions, read_source, record
from cordwise.cli.options import Count, RunOptions

if TYPE_CHECKING:
    from cordwise.trial.design.file import Design

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
    design: Path,
    /,
    *,
    replicates: Count | None = None,
    effort: Effort | None = None,
    precision: Annotated[float | None, Parameter(validator=Number(gt=0, lt=0.5))] = None,
    options: RunOptions | None = None,
) -> None:
    """Simulate a trial design under its null and its effect scenarios.

    Parameters
    ----------
    design
        The design file (TOML), for example designs/subacute_msc.toml.
    replicates
        Simulated trials in each scenario, 2000 when not given; the Monte Carlo error falls with its square root.
    effort
        Instead of a number: explore (1,000), design (10,000) or dossier (100,000).
    precision
        Stop as soon as the Monte Carlo error of every scenario's reject rate is no larger.
    """
    from cordwise.present.trial.text import summary
    from cordwise.trial.design.file import read_design
    from cordwise.trial.run import EFFORTS, run_trial

    options = options or RunOptions()
    source = read_source(design)
    checked = read_design(design)
    companions = read_companions(design, source, "population")
    count = _replicates(replicates, effort, EFFORTS)
    looks = _looks(checked)
    results = (len(checked.scenarios) + 1) * len(checked.endpoints) * len(checked.arms) * looks
    require_memory("replicates", count, results * BYTES["endpoint of a trial"])
    folder = open_run_folder(options)
    seed = options.start()
    result = run_trial(
        checked,
        seed=seed,
        replicates=count,
        precision=precision,
        base_directory=design,
        workers=options.workers or os.cpu_count() or 1,
        quiet=options.quiet,
    )
    provenance = record(
        "trial simulate", design, source, seed, replicates=count, precision=precision, **hashes(companions)
    )
    deliver(
        result,
        summary(result),
        folder=folder,
        provenance=provenance,
        source=source,
        options=options,
        companions=companions,
    )


def _replicates(replicates: int | None, effort: str | None, efforts: Mapping[str, int]) -> int:
    """Return how many trials are asked for, in one of two ways."""
    if replicates is not None and effort is not None:
        found = f"--replicates {replicates} and --effort {effort}"
        raise InputError([Fault("--effort", "either --effort or --replicates", found)])
    return efforts[effort] if effort is not None else replicates or _REPLICATES


def _looks(design: "Design") -> int:
    looks = design.looks
    return max(1, len(looks.patients or looks.information or looks.calendar_months)) if looks else 1
