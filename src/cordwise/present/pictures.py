"""Single pictures for use outside a report."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cordwise.appraisal.result import Appraisal
    from cordwise.experiment.result import ExperimentResult
    from cordwise.experiment.sensitivity.result import Sensitivity
    from cordwise.patient.life.result import PatientLife
    from cordwise.population.validation.result import RegistryCrossValidation

PICTURE_SCALE = 2.0  # pixels for each unit of the drawing: 1,840 pixels wide


def patient_picture_png(life: "PatientLife") -> bytes:
    """Return the cord and the person of one simulated patient, with and without cells, as PNG."""
    from cordwise.present.charts.drawing import png
    from cordwise.present.patient.page import patient_picture

    return png(patient_picture(life), scale=PICTURE_SCALE)


def sensitivity_picture_png(result: "Sensitivity") -> bytes:
    """Return the leading inputs of the outcome, and of the effect of cells, as PNG."""
    from cordwise.present.charts.drawing import png, svg
    from cordwise.present.experiment.sensitivity_page import leading_picture
    from cordwise.present.experiment.sensitivity_text import answer

    spec = {**leading_picture(result), "background": "#ffffff"}
    drawn = svg(spec, name="leading", title=result.question, description=answer(result))
    return png(drawn, scale=PICTURE_SCALE)


def readme_picture_svg(found: "Appraisal") -> str:
    """Return the distribution of the number improved without cells, with the observed number, as SVG on white."""
    from cordwise.present import numbers
    from cordwise.present.charts.drawing import svg
    from cordwise.present.study.chance import finding, number_improved

    arm = found.arms[0]
    spec = {**number_improved(arm), "background": "#ffffff"}
    description = (
        f"Chance of each number improved among {arm.n} simulated patients without cells. "
        f"{arm.observed_improved} or more: {numbers.probability(arm.p_at_least)}."
    )
    return svg(spec, name="natural-recovery", title=finding(arm), description=description)


def own_kinetics_picture_svg(result: "ExperimentResult") -> str:
    """Return the same injury in two people of other kinetics, without and with cells, as SVG on white."""
    from cordwise.present.charts.drawing import svg
    from cordwise.present.experiment import own_kinetics as drawn

    spec = {**drawn.own_kinetics(result), "background": "#ffffff"}
    return svg(spec, name="own-kinetics", title=drawn.TITLE, description=drawn.own_kinetics_finding(result))


def validation_pictures_svg(result: "RegistryCrossValidation") -> dict[str, str]:
    """Return the pictures of a cross-validation by registry for the model card, as SVG on white, by file name."""
    from cordwise.present.charts.drawing import svg
    from cordwise.present.population import registry_charts as charts
    from cordwise.present.population.left_out import answer_lines

    lines = answer_lines(result)
    drawn = {
        "registries-left-out": (charts.observed_against_predicted, charts.OBSERVED_TITLE, " ".join(lines[:-1])),
        "forecasts-compared": (charts.forecasts_compared, charts.FORECASTS_TITLE, lines[-1]),
    }
    return {
        name: svg({**draw(result), "background": "#ffffff"}, name=name, title=title, description=told)
        for name, (draw, title, told) in drawn.items()
    }
