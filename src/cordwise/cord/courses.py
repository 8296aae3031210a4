"""What the examination needs of the tissue, relative to the same patient one year after injury without cells."""

from dataclasses import dataclass, fields

import numpy as np
from jaxtyping import Float
from numpy import ndarray
from scipy.special import logit

from cordwise.cord.tissue import TissueVisits

_SAFE_SHARE = 1e-12  # keeps the log odds of an uninjured cord finite


@dataclass(frozen=True, slots=True)
class TissueCourses:
    """The tissue at each visit, relative to the same patient one year after injury without cells.

    Parameters
    ----------
    axon_log_odds
        Shift of the log odds that a tract fibre survives; 0 as at one year without cells.
    conduction
        Conduction kept by myelin, relative to one year without cells.
    growth
        Plastic growth so far, as a share of the final growth without cells.
    grey_loss
        Grey matter lost so far, relative to one year without cells.
    node_repair_days
        Days that broken nodes of surviving fibres have had to mend; fewer than the days since injury while the cord
        is inflamed.

    """

    axon_log_odds: Float[ndarray, "patient time"]
    conduction: Float[ndarray, "patient time"]
    growth: Float[ndarray, "patient time"]
    grey_loss: Float[ndarray, "patient time"]
    node_repair_days: Float[ndarray, "patient time"]


COURSES = tuple(field.name for field in fields(TissueCourses))


def visit_on(visits: TissueVisits, day: float) -> TissueVisits:
    """Return one visit of a batch, that on the given day."""
    number = int(np.searchsorted(visits.days, day))
    one = slice(number, number + 1)
    kept = {field.name: getattr(visits, field.name)[..., one] for field in fields(visits) if field.name != "status"}
    return TissueVisits(**kept, status=visits.status)


def relative_courses(visits: TissueVisits, reference: TissueVisits) -> TissueCourses:
    """Return the courses of patients relative to `reference`: the same patients, one visit, one year, no cells."""
    final_growth = reference.growth[:, -1:] + reference.growth_to_come[:, -1:]
    return TissueCourses(
        axon_log_odds=share_log_odds(visits.spared_share) - share_log_odds(reference.spared_share[:, -1:]),
        conduction=visits.conduction / reference.conduction[:, -1:],
        growth=visits.growth / final_growth,
        grey_loss=_relative(visits.grey_lost_mm, reference.grey_lost_mm[:, -1:]),
        node_repair_days=visits.node_repair_days,
    )


def share_log_odds(share: Float[ndarray, "*any"]) -> Float[ndarray, "*any"]:
    """Return the log odds of a share, finite also where nothing or all is spared."""
    return logit(np.clip(share, _SAFE_SHARE, 1 - _SAFE_SHARE))


def _relative(
    lost: Float[ndarray, "patient time"], final: Float[ndarray, "patient 1"]
) -> Float[ndarray, "patient time"]:
    """Return loss as a share of the final one; 1 where nothing is ever lost."""
    return np.divide(lost, final, out=np.ones_like(lost), where=final > 0)
