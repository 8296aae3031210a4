"""Small appraisals of the shipped studies, made once for all tests of a worker."""

from functools import cache

from cordwise.appraisal.result import Appraisal
from cordwise.appraisal.run import appraise
from paths import ROOT

STUDIES = ROOT / "studies"
DRAWS, PATIENTS = 8, 2_000


@cache
def appraised(name: str) -> Appraisal:
    """Return the appraisal of a shipped study under a few parameter sets."""
    return appraise(STUDIES / f"{name}.toml", draws=DRAWS, patients=PATIENTS, seed=1)
