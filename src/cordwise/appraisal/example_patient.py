"""One simulated patient of the study's kind, with the study's cells and without."""

from cordwise.appraisal.study import Study
from cordwise.appraisal.translation import regimen_of
from cordwise.base.randomness import Streams
from cordwise.isncsci import AIS
from cordwise.patient.file import ADULTS, PatientRequest
from cordwise.patient.life.result import PatientLife
from cordwise.population.example_patient import ONE_YEAR_OF_VISITS, example_patient_life
from cordwise.population.posterior import Posterior

SHOWN_TRANSLATION = 1.0  # the most the model can give: all of the rodent effect; the picture says so


def example_patient(study: Study, posterior: Posterior, streams: Streams) -> PatientLife:
    """Return a typical patient of the study's most frequent baseline grade."""
    baseline = study.claims[0].baseline
    grade = max(baseline, key=lambda each: baseline[each])
    day = study.baseline_day[0]
    visits = tuple(sorted({*ONE_YEAR_OF_VISITS, day}))
    request = PatientRequest(AIS[grade], study.level_range, day, ADULTS, regimen_of(study, SHOWN_TRANSLATION), visits)
    return example_patient_life(request, posterior, streams)
