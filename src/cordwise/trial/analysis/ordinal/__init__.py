"""Ordinal outcomes: score test and maximum likelihood of the cumulative logit model, batched over simulated trials."""

from cordwise.trial.analysis.ordinal.proportional_odds import proportional_odds
from cordwise.trial.analysis.ordinal.score import score_test, score_test_at_sizes

__all__ = ["proportional_odds", "score_test", "score_test_at_sizes"]
