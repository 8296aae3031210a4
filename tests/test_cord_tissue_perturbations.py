"""What experiments that perturb the cord found, against the model with the same lever pulled.

Scores are those of a simple ruler for effect sizes (21-point open-field score in rats, 96 motor points in people), not
of an examination.  How hard each lever is pulled is an assumption; direction, window and order of size are the test.
"""

import numpy as np
import pytest

from cordwise.cord.forcing import Lever
from cordwise.cord.parameters import load_parameters
from cordwise.cord.product import Dose, Regimen, Route
from cordwise.cord.tissue import simulate_tissue, tissue_history

RAT, HUMAN = load_parameters("rodent"), load_parameters("human")
ONE_DOSE = RAT.cells_per_dose
RAT_DAYS = (14.0, 42.0, 60.0)

# fact, lowest, highest, evidence rows
BANDS = (
    ("monocytes kept out, score gain", 1, 2, "B046 B149 B150"),
    ("monocytes kept out, spared share gain", 0.01, 0.15, "B046 B149"),
    ("no border, score change", -6, -0.5, "B156"),
    ("no border, infiltrate ratio at day 14", 1.15, 6, "B156"),
    ("no border, grey left ratio", 0.3, 0.985, "B156"),
    ("push to repair from 30 min, score gain", 0.8, 5, "B163"),
    ("push from 3 h / from 30 min", 0.5, 1, "B163"),
    ("push from 24 h / from 30 min", -0.1, 0.33, "B163 B164"),
    ("no remyelination, myelin ratio", 0.5, 0.6, "B042"),
    ("no remyelination, score change", -0.8, 0.2, "B042"),
    ("graft on day 0, alive 7 days later", 0.25, 0.4, "B106"),
    ("graft on day 3, alive 7 days later", 0.38, 0.62, "B106"),
    ("graft on day 7, alive 7 days later", 0.04, 0.2, "B106"),
    ("graft on day 21, alive 7 days later", 0.04, 0.15, "B106"),
    ("graft on day 0, spared share gain", 0.01, 0.16, "B107"),
    ("graft on day 3, spared share gain", 0.01, 0.16, "B107"),
    ("graft on day 7, spared share gain", 0.002, 0.16, "B107"),
    ("graft on day 21 / day 3, spared share gain", -0.1, 0.15, "B107"),
    ("cells by any route, mean score gain", 1.5, 3, "B118"),
    ("cells by any route, least score gain", 0.3, 5, "B118"),
    ("cells by vein, mean score gain", 0.7, 3.5, "B119"),
    ("steroid, motor gain at day 42", 1, 8, "B144"),
    ("steroid, motor gain at day 360", -5, 2.5, "B145"),
    ("matrix digested, score gain", 1, 2.4, "B158"),
    ("matrix digested, change of spared share", -0.001, 0.001, "B158"),
    ("decompression at 12 h against 48 h, motor gain", 0.9, 20, "B167"),
)
KNOWN_MISSES = ("no border, grey left ratio", "steroid, motor gain at day 360")


def _score(visits, p, best):
    drive = np.minimum(1, visits.spared_share * visits.conduction * (1 + visits.growth))
    return best * drive / (drive + p.ruler_half_drive)


def _rat(**perturbation):
    return tissue_history(0.9, 14 / 6, RAT_DAYS, species="rodent", **perturbation)


def _gain(perturbed, base):
    """Return the gain on day 42, of the score and of the spared share."""
    scores = [_score(history.visits, RAT, 21)[0, 1] for history in (perturbed, base)]
    return scores[0] - scores[1], perturbed.visits.spared_share[0, 1] - base.visits.spared_share[0, 1]


@pytest.fixture(scope="module")
def measured():
    base = _rat()
    return _levers(base) | _push(base) | _cells(base) | _people()


def _levers(base):
    monocytes = _gain(_rat(levers=[Lever("monocytes", 0.5, 10.0, 0.25)]), base)
    bare = _rat(levers=[Lever("border", 0.0, 60.0, 0.0)])
    naked = _rat(levers=[Lever("remyelination", 0.0, 60.0, 0.0)])
    digested = _gain(_rat(levers=[Lever("matrix", 7.0, 60.0, 0.4)]), base)
    infiltrate = [
        (h.fields["inflammatory_macrophage"][0] + h.fields["repair_macrophage"][0]) @ h.widths_mm for h in (bare, base)
    ]
    grey = [h.fields["grey"][-1, 4:-4] @ h.widths_mm[4:-4] for h in (bare, base)]
    return {
        "monocytes kept out, score gain": monocytes[0],
        "monocytes kept out, spared share gain": monocytes[1],
        "no border, score change": _gain(bare, base)[0],
        "no border, infiltrate ratio at day 14": infiltrate[0] / infiltrate[1],
        "no border, grey left ratio": grey[0] / grey[1],
        "no remyelination, myelin ratio": naked.visits.least_myelin[0, 1] / base.visits.least_myelin[0, 1],
        "no remyelination, score change": _gain(naked, base)[0],
        "matrix digested, score gain": digested[0],
        "matrix digested, change of spared share": digested[1],
    }


def _push(base):
    gains = []
    for day in (0.02, 0.125, 1.0):
        levers = [Lever("cytokine", day, day + 7, 0.55), Lever("push", day, day + 7, 0.1)]
        gains.append(_gain(_rat(levers=levers), base)[0])
    return {
        "push to repair from 30 min, score gain": gains[0],
        "push from 3 h / from 30 min": gains[1] / gains[0],
        "push from 24 h / from 30 min": gains[2] / gains[0],
    }


def _cells(base):
    settled = ONE_DOSE / RAT.arriving_intralesional
    found, scores = {}, {Route.INTRALESIONAL: [], Route.INTRAVENOUS: [], Route.INTRATHECAL: []}
    shares = {}
    for day in (0.0, 3.0, 7.0, 21.0):
        regimen = Regimen((Dose(day, settled, Route.INTRALESIONAL),))
        score, shares[day] = _gain(_rat(regimen=regimen), base)
        if day < 21:
            scores[Route.INTRALESIONAL].append(score)
        alive = tissue_history(0.9, 14 / 6, [day + 1e-3, day + 7], species="rodent", regimen=regimen)
        amount = alive.fields["graft"] @ alive.widths_mm
        found[f"graft on day {day:g}, alive 7 days later"] = amount[1] / amount[0]
        found[f"graft on day {day:g}, spared share gain"] = shares[day]
    for route, dose, days in ((Route.INTRAVENOUS, 1, (0.02, 3.0, 7.0)), (Route.INTRATHECAL, 2, (3.0, 7.0))):
        for day in days:
            scores[route].append(_gain(_rat(regimen=Regimen((Dose(day, dose * ONE_DOSE, route),))), base)[0])
    pooled = np.concatenate(list(scores.values()))
    return found | {
        "graft on day 21 / day 3, spared share gain": shares[21.0] / shares[3.0],
        "cells by any route, mean score gain": pooled.mean(),
        "cells by any route, least score gain": pooled.min(),
        "cells by vein, mean score gain": np.mean(scores[Route.INTRAVENOUS]),
    }


def _people():
    days = (42.0, 180.0, 360.0)

    def motor(*levers):
        return _score(simulate_tissue([0.7], [13.0], days, levers=levers), HUMAN, 96)[0]

    steroid = motor(Lever("cytokine", 0.25, 1.25, 0.6), Lever("closure", 0.25, 1.25, 1.0)) - motor()
    early, late = (motor(Lever("swelling", day, 400.0, 0.4)) for day in (0.5, 2.0))
    return {
        "steroid, motor gain at day 42": steroid[0],
        "steroid, motor gain at day 360": steroid[2],
        "decompression at 12 h against 48 h, motor gain": early[1] - late[1],
    }


def _marked(band):
    misses = [pytest.mark.xfail(reason="known miss of the model")] if band[0] in KNOWN_MISSES else []
    return pytest.param(*band[:3], marks=misses, id=band[0])


@pytest.mark.parametrize(("fact", "low", "high"), [_marked(band) for band in BANDS])
def test_perturbation_has_the_effect_that_experiments_found(measured, fact, low, high):
    assert low <= measured[fact] <= high
