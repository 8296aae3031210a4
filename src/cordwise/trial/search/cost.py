"""What a simulated trial costs: its patients, its months and its sites."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Num
from numpy import ndarray

from cordwise.trial.plan.accrual import DAYS_PER_MONTH
from cordwise.trial.search.spec import TrialPrices


@dataclass(frozen=True, slots=True)
class CostModel:
    """The price of one patient enrolled, of one month that the trial runs, and of one site."""

    per_patient: float
    per_month: float
    per_site: float

    def of(
        self, enrolled: Num[ndarray, " replicate"], day: Float[ndarray, " replicate"], *, sites: int
    ) -> Float[ndarray, " replicate"]:
        """Return the cost of each replicate from its patients and its last day."""
        return (
            self.per_patient * np.asarray(enrolled, float)
            + self.per_month * day / DAYS_PER_MONTH
            + self.per_site * sites
        )


def cost_model(prices: TrialPrices) -> CostModel:
    """Return the cost of a trial at such prices."""
    return CostModel(prices.patient.amount, prices.month.amount, prices.site.amount)
