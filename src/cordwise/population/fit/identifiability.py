"""What the fit learned of each parameter: how far it moved from its prior, and how much narrower it became."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cordwise.patient.parameters import free_rows, prior_centre, to_working_scale
from cordwise.population.posterior import PopulationFit

LEARNED = 0.5  # an SD of at most half the prior's counts as learned
MOVED = 1.0  # a move of at least one prior SD counts as moved


@dataclass(frozen=True, slots=True)
class Learned:
    """One fitted parameter; move and SDs are on the scale on which its prior is normal.

    `move` is the posterior mean less the prior centre, in prior SDs; `narrowing` is the posterior SD over the prior SD.
    """

    name: str
    mechanism: str
    unit: str
    prior: float
    median: float
    low95: float
    high95: float
    move: float
    narrowing: float

    @property
    def verdict(self) -> str:
        """Say in words what became of the prior."""
        learned, moved = self.narrowing <= LEARNED, abs(self.move) >= MOVED
        if learned:
            return "learned, moved" if moved else "learned"
        return "moved, not narrowed" if moved else "prior"


def what_was_learned(fit: PopulationFit) -> tuple[Learned, ...]:
    """Return a line for every fitted parameter, in the order of the parameter table."""
    rows = free_rows()
    points = np.stack([to_working_scale(draw, rows) for draw in fit.common])
    centre = to_working_scale(prior_centre(), rows)
    lines = []
    for place, row in enumerate(rows):
        values = np.array([getattr(draw, row.name) for draw in fit.common])
        low, median, high = np.quantile(values, (0.025, 0.5, 0.975))
        scale = row.prior_sd or np.nan
        lines.append(
            Learned(
                name=row.name,
                mechanism=row.mechanism,
                unit=row.unit,
                prior=row.value,
                median=float(median),
                low95=float(low),
                high95=float(high),
                move=float((points[:, place].mean() - centre[place]) / scale),
                narrowing=float(points[:, place].std(ddof=1) / scale),
            )
        )
    return tuple(lines)


def learned_markdown(lines: Sequence[Learned]) -> str:
    """Return the lines as a table of the model card."""
    head = (
        "| parameter | unit | prior | fitted (95 %) | moved, prior SDs | SD over prior SD | verdict |",
        "|---|---|---|---|---|---|---|",
    )
    body = (
        f"| `{line.name}` | {line.unit} | {line.prior:.3g} | {line.median:.3g} ({line.low95:.3g} to {line.high95:.3g}) "
        f"| {line.move:+.1f} | {line.narrowing:.2f} | {line.verdict} |"
        for line in lines
    )
    return "\n".join((*head, *body))
