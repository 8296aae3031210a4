"""The squeezed cord: a pressure from outside, from the blow until the cord is decompressed."""

from collections.abc import Iterator, Sequence

from cordwise.cord.changes import Action, Change
from cordwise.experiment.levers import Pull
from cordwise.experiment.plan import Lesion

DECOMPRESSION = "decompression"
SQUEEZE = "squeeze"


def squeeze_changes(lesion: Lesion, pulls: Sequence[Pull], last_day: float) -> Iterator[Change]:
    """Yield the change that squeezes the cord; decompression ends it, whatever its intensity."""
    relieved = (pull.from_day for pull in pulls if pull.lever == DECOMPRESSION)
    until = min(lesion.squeeze_days, last_day, *relieved)
    if lesion.squeeze_mmhg > 0 and until > 0:
        yield Change(SQUEEZE, Action.ADD, lesion.squeeze_mmhg, 0.0, until)
