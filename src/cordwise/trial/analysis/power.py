"""Names under which the theory line finds the power formulas."""

from cordwise.trial.formulas.means import t_test_n_per_arm as mean_n_per_arm
from cordwise.trial.formulas.means import t_test_power as mean_power
from cordwise.trial.formulas.proportions import exact_power as proportion_power
from cordwise.trial.formulas.proportions import pooled_n_per_arm as proportion_n_per_arm

__all__ = ["mean_n_per_arm", "mean_power", "proportion_n_per_arm", "proportion_power"]
