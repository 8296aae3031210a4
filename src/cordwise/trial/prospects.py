"""What the bank says of one endpoint in one scenario, patient by patient, before any trial is drawn."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float
from numpy import ndarray

from cordwise.cohort.bank import CONTROL, PatientBank
from cordwise.trial.analysis import Moments, arm_moments
from cordwise.trial.dropout import chance_by, withdrawal_chance
from cordwise.trial.endpoints import baseline_motor_score, baseline_values, endpoint_values
from cordwise.trial.enrolment import Enrolled
from cordwise.trial.estimand import true_difference
from cordwise.trial.plan import PlannedEndpoint, PlannedScenario, TrialPlan


@dataclass(frozen=True, slots=True)
class Prospects:
    """Baseline, both outcomes and the chance of withdrawing before the endpoint, for every patient of the bank."""

    endpoint: PlannedEndpoint
    baseline: Float[ndarray, " patient"]
    control: Float[ndarray, " patient"]
    treated: Float[ndarray, " patient"]
    withdraws: Float[ndarray, " patient"]

    @property
    def truth(self) -> float:
        """Return the true value of the endpoint's estimand."""
        return true_difference(self.control, self.treated, 1 - self.withdraws, strategy=self.endpoint.strategy)

    @property
    def bank_error(self) -> float:
        """Return the standard error of the truth that comes from the bank's finite number of patients."""
        stays = 1 - self.withdraws if self.endpoint.strategy == "composite" else 1.0
        return float(np.std((self.treated - self.control) * stays, ddof=1) / np.sqrt(len(self.control)))

    def moments(self, enrolled: Enrolled, sizes: tuple[int, ...]) -> Moments:
        """Return the sums "replicate size arm" the analysis needs, with withdrawals handled as the estimand says."""
        row = enrolled.row
        stays = enrolled.withdrawal >= self.withdraws[row]
        outcome = np.where(enrolled.treated, self.treated[row], self.control[row])
        seen, outcome = self._after_withdrawals(outcome, stays)
        return arm_moments(self.baseline[row], outcome, enrolled.treated, seen, sizes=sizes)

    def _after_withdrawals(
        self, outcome: Float[ndarray, "replicate patient"], stays: Bool[ndarray, "replicate patient"]
    ) -> tuple[Bool[ndarray, "replicate patient"], Float[ndarray, "replicate patient"]]:
        if self.endpoint.strategy == "composite":
            return np.ones_like(stays), outcome * stays
        return stays, outcome


def prospects_of(plan: TrialPlan, bank: PatientBank, scenario: PlannedScenario) -> tuple[Prospects, ...]:
    """Return the prospects of every endpoint in a scenario."""
    at_end = withdrawal_chance(baseline_motor_score(bank), rate=plan.dropout_rate, slope=plan.dropout_slope)
    followup = followup_days(plan, bank)
    return tuple(
        Prospects(
            endpoint=endpoint,
            baseline=baseline_values(bank, endpoint),
            control=endpoint_values(bank, endpoint, CONTROL),
            treated=endpoint_values(bank, endpoint, scenario.world),
            withdraws=chance_by(at_end, elapsed=endpoint.day - bank.baseline_day, followup=followup),
        )
        for endpoint in plan.endpoints
    )


def followup_days(plan: TrialPlan, bank: PatientBank) -> Float[ndarray, " patient"]:
    """Return each patient's days from the baseline examination to the last visit."""
    return plan.visits[-1] - bank.baseline_day
