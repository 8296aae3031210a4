"""How checks and cross-validations of the population become JSON, text, a page, charts and tables."""

from cordwise.base.codec import from_plain, to_plain
from cordwise.population.check import PopulationCheck
from cordwise.population.validation.result import CrossValidation
from cordwise.present.population import tables, text
from cordwise.present.presenters import Presenter, named

_ROOM = "cordwise.present.population"

POPULATION_CHECK = Presenter(
    to_dict=to_plain,
    from_dict=lambda values: from_plain(PopulationCheck, values),
    text=text.check_text,
    page=named(f"{_ROOM}.page:population_page"),
    charts={"predicted_against_observed": named(f"{_ROOM}.calibration:predicted_against_observed")},
    parts={"targets": tables.target_rows, "measures": tables.measure_rows, "case_mix": tables.case_mix_rows},
)
CROSS_VALIDATION = Presenter(
    to_dict=to_plain,
    from_dict=lambda values: from_plain(CrossValidation, values),
    text=text.cross_validation_text,
    page=named(f"{_ROOM}.cross_validation_page:cross_validation_page"),
    parts={"strata": tables.stratum_rows, "measures": tables.error_rows},
)
