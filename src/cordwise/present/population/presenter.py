"""How checks and cross-validations of the population become JSON, text, a page, charts and tables."""

from cordwise.base.codec import from_plain, to_plain
from cordwise.population.check import PopulationCheck
from cordwise.population.validation.result import CrossValidation, RegistryCrossValidation
from cordwise.present.population import registry_text, tables, text
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
REGISTRY_CROSS_VALIDATION = Presenter(
    to_dict=to_plain,
    from_dict=lambda values: from_plain(RegistryCrossValidation, values),
    text=registry_text.registry_validation_text,
    page=named(f"{_ROOM}.registry_page:registry_validation_page"),
    charts={
        "observed_against_predicted": named(f"{_ROOM}.registry_charts:observed_against_predicted"),
        "forecasts": named(f"{_ROOM}.registry_charts:forecasts_compared"),
        "pit": named(f"{_ROOM}.registry_charts:where_figures_fell"),
    },
    parts={
        "forecasts": tables.forecast_rows,
        "figures": tables.left_out_rows,
        "registries": tables.registry_rows,
        "narrowing": tables.narrowing_rows,
        "pit": tables.pit_rows,
    },
)
