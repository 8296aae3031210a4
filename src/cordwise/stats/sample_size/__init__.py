"""Power and sample size from theory: means, proportions, ordered categories, times to an event."""

from typing import TYPE_CHECKING

from cordwise.stats.lazy_names import lazy_names

if TYPE_CHECKING:
    from cordwise.stats.sample_size.means import (
        ancova_multiplier,
        inflated_for_dropout,
        t_test_n_per_arm,
        t_test_power,
        z_test_n_per_arm,
    )
    from cordwise.stats.sample_size.ordinal import (
        dichotomy_total_n,
        mean_categories,
        ordinal_efficiency,
        shifted_categories,
        whitehead_total_n,
    )
    from cordwise.stats.sample_size.proportions import (
        arcsine_n_per_arm,
        corrected_n_per_arm,
        exact_power,
        exact_powers,
        exact_size,
        pooled_n_per_arm,
        pooled_total_n,
    )
    from cordwise.stats.sample_size.survival import schoenfeld_events

__all__ = [
    "ancova_multiplier",
    "arcsine_n_per_arm",
    "corrected_n_per_arm",
    "dichotomy_total_n",
    "exact_power",
    "exact_powers",
    "exact_size",
    "inflated_for_dropout",
    "mean_categories",
    "ordinal_efficiency",
    "pooled_n_per_arm",
    "pooled_total_n",
    "schoenfeld_events",
    "shifted_categories",
    "t_test_n_per_arm",
    "t_test_power",
    "whitehead_total_n",
    "z_test_n_per_arm",
]

__getattr__, __dir__ = lazy_names(
    __name__,
    {
        "means": "ancova_multiplier inflated_for_dropout t_test_n_per_arm t_test_power z_test_n_per_arm",
        "ordinal": "dichotomy_total_n mean_categories ordinal_efficiency shifted_categories whitehead_total_n",
        "proportions": "arcsine_n_per_arm corrected_n_per_arm exact_power exact_powers exact_size pooled_n_per_arm "
        "pooled_total_n",
        "survival": "schoenfeld_events",
    },
)
