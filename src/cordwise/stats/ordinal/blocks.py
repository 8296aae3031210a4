"""Batches of trials analysed a few replicates at a time, so that what a fit works on stays in a core's cache."""

from collections.abc import Callable
from dataclasses import fields, replace

import numpy as np

from cordwise.stats.two_arm.estimates import Estimates
from cordwise.stats.two_arm.trials import OrderedItems, Trials


def in_blocks(analyse: Callable[[Trials], Estimates], trials: Trials, replicates: int) -> Estimates:
    """Return the estimates of all replicates, analysed so many at a time."""
    starts = range(0, max(len(trials.treated), 1), max(replicates, 1))
    parts = [analyse(_replicates(trials, slice(at, at + max(replicates, 1)))) for at in starts]
    return Estimates(*(np.concatenate([getattr(part, each.name) for part in parts]) for each in fields(Estimates)))


def _replicates(trials: Trials, block: slice) -> Trials:
    """Return some of the replicates, with what ordinal analyses use."""
    names = ("treated", "analysed", "outcome", "baseline", "stratum")
    items = trials.items and OrderedItems(trials.items.baseline[block], trials.items.outcome[block])
    kept = {name: getattr(trials, name)[block] for name in names}
    return replace(trials, **kept, visits=None, components=None, items=items)
