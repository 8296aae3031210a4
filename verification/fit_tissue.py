"""Fit the rates of the tissue model to the facts and time courses, and print every row and rate before and after.

`python verification/fit_tissue.py` takes some minutes on two cores; with `--write` the parameter table of the source
tree gets the new values, to three digits, and the status `fitted`.  Held out are 40% of the sources, by a rule that
knows their names only, and T3, T5, T6 and T10, which the first version's rates had seen.
"""

import csv
import sys
import time
from io import StringIO
from pathlib import Path

import numpy as np

from cordwise.experiment.bands import all_bands
from cordwise.experiment.facts import read_fact_experiments
from cordwise.experiment.fit import TissueFit, fit_rates
from cordwise.present.columns import columns

ROOT = Path(__file__).parent.parent
TABLE = ROOT / "src/cordwise/cord/data/tissue_parameters.csv"
ROW_HEADINGS = ("row", "band", "before", "after", "in fit", "")
RATE_HEADINGS = ("rate", "species", "before", "after", "90% range", "moved by sd")


def main() -> int:
    """Fit, print, and write the table when asked."""
    began = time.perf_counter()
    fit = fit_rates(read_fact_experiments(ROOT / "experiments"))
    print("\n".join(columns([ROW_HEADINGS, *row_lines(fit)])), end="\n\n")
    print("\n".join(columns([RATE_HEADINGS, *rate_lines(fit)])), end="\n\n")
    took = time.perf_counter() - began
    print(f"half the sum of squares: {fit.cost_before:.3g} before, {fit.cost_after:.3g} after")
    print(f"{len(fit.rates)} rates, {fit.rounds} rounds, {took:.0f} s")
    if "--write" in sys.argv:
        TABLE.write_text(updated_table(TABLE.read_text(encoding="utf-8"), fit), encoding="utf-8")
    return 0


def row_lines(fit: TissueFit) -> list[tuple[str, ...]]:
    """Return a line for every row of the facts and time courses."""
    return [
        (
            band.row,
            f"{band.low:g} to {band.high:g} {band.unit}",
            f"{fit.before[band.row]:.3g}",
            f"{fit.after[band.row]:.3g}",
            "yes" if band.in_fit else "no",
            "" if band.holds(fit.after[band.row]) else "missed",
        )
        for band in all_bands()
        if band.row in fit.after
    ]


def rate_lines(fit: TissueFit) -> list[tuple[str, ...]]:
    """Return a line for every rate, those that moved most first."""
    moved = [
        (rate.place_of(value) - rate.place_of(rate.value)) / rate.sd
        for rate, value in zip(fit.rates, fit.values, strict=True)
    ]
    return [
        (
            fit.rates[at].name,
            fit.rates[at].species,
            f"{fit.rates[at].value:.3g}",
            f"{fit.values[at]:.3g}",
            f"{fit.rates[at].low90:g} to {fit.rates[at].high90:g}",
            f"{moved[at]:+.2f}",
        )
        for at in np.argsort(-np.abs(moved))
    ]


def updated_table(text: str, fit: TissueFit) -> str:
    """Return the parameter table with the fitted values, to three digits; what stays the same keeps its status."""
    fitted = {(rate.name, rate.species): value for rate, value in zip(fit.rates, fit.values, strict=True)}
    rows = list(csv.DictReader(text.splitlines()))
    for row in rows:
        value = fitted.get((row["name"], row["species"]))
        if value is not None and f"{value:.3g}" != f"{float(row['value']):.3g}":
            row["value"], row["status"] = f"{value:.3g}", "fitted"
    out = StringIO()
    writer = csv.DictWriter(out, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


if __name__ == "__main__":
    sys.exit(main())
