"""Two-arm comparisons, batched over simulated trials, and classical tests of one data set."""

from typing import TYPE_CHECKING

from cordwise.stats.lazy_names import lazy_names

if TYPE_CHECKING:
    from cordwise.stats.two_arm.cochran_mantel_haenszel import (
        MantelHaenszel,
        cmh,
        linear_by_linear_test,
        mantel_haenszel,
    )
    from cordwise.stats.two_arm.contingency import (
        ExactOddsRatio,
        LinearByLinear,
        McNemar,
        exact_common_odds_ratio,
        linear_by_linear,
        mcnemar,
    )
    from cordwise.stats.two_arm.estimates import Estimates
    from cordwise.stats.two_arm.exact_proportions import (
        boschloo_exact_p,
        boschloo_p_table,
        fisher_exact_p,
        fisher_p_table,
    )
    from cordwise.stats.two_arm.freeman_halton import fisher_freeman_halton_p
    from cordwise.stats.two_arm.intervals import (
        clopper_pearson_interval,
        jeffreys_interval,
        newcombe_interval,
        wilson_interval,
    )
    from cordwise.stats.two_arm.means import ancova, t_test, welch_t
    from cordwise.stats.two_arm.pairwise_counts import (
        PairwiseCounts,
        pairwise_counts_by_order,
        pairwise_counts_by_pairs,
    )
    from cordwise.stats.two_arm.proportions import (
        ProportionTest,
        chi_square_p,
        n_minus_1_chi_square_p,
        proportions_p,
        risk_difference_test,
        z_unpooled_p,
    )
    from cordwise.stats.two_arm.ranks import (
        ExactRankSum,
        RankSums,
        StratumWeights,
        exact_rank_sum,
        rank_sum,
        rank_sums,
        stratified_rank_sum,
    )
    from cordwise.stats.two_arm.trials import Analysis, OrderedItems, Trials, Visits
    from cordwise.stats.two_arm.wins import WinMeasure, Wins, count_wins, win_statistics

__all__ = [
    "Analysis",
    "Estimates",
    "ExactOddsRatio",
    "ExactRankSum",
    "LinearByLinear",
    "MantelHaenszel",
    "McNemar",
    "OrderedItems",
    "PairwiseCounts",
    "ProportionTest",
    "RankSums",
    "StratumWeights",
    "Trials",
    "Visits",
    "WinMeasure",
    "Wins",
    "ancova",
    "boschloo_exact_p",
    "boschloo_p_table",
    "chi_square_p",
    "clopper_pearson_interval",
    "cmh",
    "count_wins",
    "exact_common_odds_ratio",
    "exact_rank_sum",
    "fisher_exact_p",
    "fisher_freeman_halton_p",
    "fisher_p_table",
    "jeffreys_interval",
    "linear_by_linear",
    "linear_by_linear_test",
    "mantel_haenszel",
    "mcnemar",
    "n_minus_1_chi_square_p",
    "newcombe_interval",
    "pairwise_counts_by_order",
    "pairwise_counts_by_pairs",
    "proportions_p",
    "rank_sum",
    "rank_sums",
    "risk_difference_test",
    "stratified_rank_sum",
    "t_test",
    "welch_t",
    "wilson_interval",
    "win_statistics",
    "z_unpooled_p",
]

__getattr__, __dir__ = lazy_names(
    __name__,
    {
        "cochran_mantel_haenszel": "MantelHaenszel cmh linear_by_linear_test mantel_haenszel",
        "contingency": "ExactOddsRatio LinearByLinear McNemar exact_common_odds_ratio linear_by_linear mcnemar",
        "estimates": "Estimates",
        "exact_proportions": "boschloo_exact_p boschloo_p_table fisher_exact_p fisher_p_table",
        "freeman_halton": "fisher_freeman_halton_p",
        "intervals": "clopper_pearson_interval jeffreys_interval newcombe_interval wilson_interval",
        "means": "ancova t_test welch_t",
        "pairwise_counts": "PairwiseCounts pairwise_counts_by_order pairwise_counts_by_pairs",
        "proportions": "ProportionTest chi_square_p n_minus_1_chi_square_p"
        " proportions_p risk_difference_test z_unpooled_p",
        "ranks": "ExactRankSum RankSums StratumWeights exact_rank_sum rank_sum rank_sums stratified_rank_sum",
        "trials": "Analysis OrderedItems Trials Visits",
        "wins": "WinMeasure Wins count_wins win_statistics",
    },
)
