"""How many replicates: as many as asked, or as few as a wanted error of the simulation needs.

The error has two parts that more replicates make smaller, down to what the people of the bank leave.  A third, how far
parameter sets differ, only more evidence makes smaller; it has no say here.
"""

from collections.abc import Sequence

from cordwise.base.progress import Advance
from cordwise.stats.nested_means import NestedMean, nested_rate
from cordwise.trial.analyse.simulate import Prepared, SimulatedTrials, join_blocks, simulate_blocks
from cordwise.trial.decide.stopping import stops_of
from cordwise.trial.enrol.sets import REPLICATES_PER_BLOCK

_FIRST_ROUND = 10  # blocks, after which the error is known well enough to be judged
_HARDLY = 0.25  # of the people's error, below which that of the replicates hardly matters


def simulate_to_precision(
    prepared: Prepared,
    *,
    replicates: int,
    precision: float | None = None,
    workers: int = 1,
    on_progress: Advance = lambda _: None,
) -> SimulatedTrials:
    """Simulate in rounds until every scenario's reject rate has the wanted error, or `replicates` are done.

    Rounds double; the replicates are those of one run of the same number. They end early where the people alone leave
    a larger error than is wanted, so that more replicates would not help.
    """
    done, blocks = 0, []
    goal = replicates if precision is None else min(replicates, _FIRST_ROUND * REPLICATES_PER_BLOCK)
    while True:
        blocks += simulate_blocks(prepared, range(done, goal), workers=workers, on_progress=on_progress)
        result = join_blocks(prepared, blocks)
        if goal >= replicates or precision is None or _is_enough(_reject_rates(result), precision):
            return result
        done, goal = goal, min(replicates, 2 * goal)


def limited_by_people(rate: NestedMean, precision: float) -> bool:
    """Tell whether the people alone leave a larger error than is wanted, and replicates hardly add to it."""
    return rate.bank > precision and rate.replicates < _HARDLY * rate.bank


def _is_enough(rates: Sequence[NestedMean], precision: float) -> bool:
    return all(each.mcse <= precision for each in rates) or any(limited_by_people(each, precision) for each in rates)


def _reject_rates(result: SimulatedTrials) -> list[NestedMean]:
    return [
        nested_rate(stops_of(result.plan, scenario, result.course).any_success, result.nesting)
        for scenario in result.scenarios
    ]
