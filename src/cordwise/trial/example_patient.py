"""One simulated patient of the trial's population, with the trial's cells and without."""

from cordwise.base.randomness import Streams
from cordwise.isncsci import AIS
from cordwise.patient.file import PatientRequest
from cordwise.patient.life.result import PatientLife
from cordwise.population.example_patient import ONE_YEAR_OF_VISITS, example_patient_life
from cordwise.population.posterior import Posterior
from cordwise.trial.plan.plan import TrialPlan

FULL_TRANSLATION = 1.0  # shown where no scenario says otherwise: the most the cord model can give


def example_patient(plan: TrialPlan, grade: AIS, posterior: Posterior, streams: Streams) -> PatientLife:
    """Return the life of a patient of one baseline grade, under the largest translation assumed."""
    day = float(round(sum(plan.baseline_day) / 2))
    translation = max((each.translation for each in plan.scenarios), default=0.0) or FULL_TRANSLATION
    visits = tuple(sorted({*ONE_YEAR_OF_VISITS, day}))
    request = PatientRequest(grade, plan.levels, day, plan.age_years, plan.treatments[0].given(translation), visits)
    return example_patient_life(request, posterior, streams)
