"""Ordinal outcomes: score test and cumulative logit models, batched over simulated trials or for one data set."""

from typing import TYPE_CHECKING

from cordwise.stats.lazy_names import lazy_names

if TYPE_CHECKING:
    from cordwise.stats.ordinal.cumulative_logit import CumulativeLogit, fit_cumulative_logit
    from cordwise.stats.ordinal.mixed_cumulative_logit import MixedCumulativeLogit, fit_mixed_cumulative_logit
    from cordwise.stats.ordinal.proportional_odds_model import proportional_odds
    from cordwise.stats.ordinal.score import score_and_information, score_test, score_test_at_sizes
    from cordwise.stats.ordinal.sliding_dichotomy import sliding_ordinal
    from cordwise.stats.ordinal.transitional import transitional_ordinal

__all__ = [
    "CumulativeLogit",
    "MixedCumulativeLogit",
    "fit_cumulative_logit",
    "fit_mixed_cumulative_logit",
    "proportional_odds",
    "score_and_information",
    "score_test",
    "score_test_at_sizes",
    "sliding_ordinal",
    "transitional_ordinal",
]

__getattr__, __dir__ = lazy_names(
    __name__,
    {
        "cumulative_logit": "CumulativeLogit fit_cumulative_logit",
        "mixed_cumulative_logit": "MixedCumulativeLogit fit_mixed_cumulative_logit",
        "proportional_odds_model": "proportional_odds",
        "score": "score_and_information score_test score_test_at_sizes",
        "sliding_dichotomy": "sliding_ordinal",
        "transitional": "transitional_ordinal",
    },
)
