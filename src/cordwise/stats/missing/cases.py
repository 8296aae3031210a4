"""Rules that need no draws: leave out who was not seen at the end, or count them as failures."""

from dataclasses import replace

import numpy as np

from cordwise.base.errors import Fault, InputError
from cordwise.stats.two_arm.trials import Trials, Visits


def visits_of(trials: Trials) -> Visits:
    """Return the visits, which rules for missing values need."""
    if trials.visits is None:
        raise InputError([Fault("visits", "the outcome at every visit", "none", "Give the trials their visits.")])
    return trials.visits


def only_complete(trials: Trials) -> Trials:
    """Return the trials with only those patients analysed whose last visit was seen.

    Raises
    ------
    InputError
        The trials have no visits.
    """
    return replace(trials, analysed=trials.analysed & visits_of(trials).observed[..., -1])


def failures_for_missing(trials: Trials, *, failure: float = 0.0) -> Trials:
    """Return the trials with whoever was not seen at the last visit a failure (non-responder imputation).

    Parameters
    ----------
    trials
        With `visits`.
    failure
        The outcome of a failure.

    Raises
    ------
    InputError
        The trials have no visits.

    Examples
    --------
    >>> from dataclasses import replace
    >>> import numpy as np
    >>> trials = Trials.from_arms(control=[0, 1], treated=[1, 1])
    >>> visits = Visits(trials.outcome[..., None], np.array([[[True], [True], [True], [False]]]))
    >>> failures_for_missing(replace(trials, visits=visits)).outcome.tolist()
    [[0.0, 1.0, 1.0, 0.0]]
    """
    return replace(trials, outcome=np.where(visits_of(trials).observed[..., -1], trials.outcome, failure))
