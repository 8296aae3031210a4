"""How many replicates: as many as asked, or as few as a wanted Monte Carlo error needs."""

from cordwise.base.progress import Advance
from cordwise.stats.monte_carlo import rate
from cordwise.trial.analyse.simulate import Prepared, SimulatedTrials, join_blocks, simulate_blocks
from cordwise.trial.decide.stopping import stops_of
from cordwise.trial.enrol.enrolment import REPLICATES_PER_BLOCK

_FIRST_ROUND = 10  # blocks, after which the error is known well enough to be judged


def simulate_to_precision(
    prepared: Prepared,
    *,
    replicates: int,
    precision: float | None = None,
    workers: int = 1,
    on_progress: Advance = lambda _: None,
) -> SimulatedTrials:
    """Simulate in rounds until every scenario's reject rate has the wanted error, or `replicates` are done.

    Rounds double; the replicates are those of one run of the same number.
    """
    done, blocks = 0, []
    goal = replicates if precision is None else min(replicates, _FIRST_ROUND * REPLICATES_PER_BLOCK)
    while True:
        blocks += simulate_blocks(prepared, range(done, goal), workers=workers, on_progress=on_progress)
        result = join_blocks(prepared, blocks)
        if goal >= replicates or precision is None or _largest_error(result) <= precision:
            return result
        done, goal = goal, min(replicates, 2 * goal)


def _largest_error(result: SimulatedTrials) -> float:
    return max(rate(stops_of(result.plan, scenario, result.course).any_success).mcse for scenario in result.scenarios)
