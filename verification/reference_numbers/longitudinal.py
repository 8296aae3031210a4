"""Models of repeated measures against R's nlme, lme4 with pbkrtest, and mmrm; Rubin's rules.

Data sets, each as published:

- `orthodont.csv`: Potthoff and Roy (1964), Biometrika 51:313 (R's nlme::Orthodont);
- `sleepstudy.csv`: Belenky and others (2003), Journal of Sleep Research 12:1 (R's lme4::sleepstudy);
- `fev_data.csv`: the artificial trial of R's mmrm::fev_data (openpharma/mmrm, Apache-2.0), nine decimals, from the
  listing of a SAS run in that project's repository (design/SAS/sas_resid_un.txt).
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from verification.reference_numbers.family import Method, Row
from verification.reference_numbers.longitudinal_formula import Design, Formula, design_matrix, parse_formula

from cordwise.stats.longitudinal import Contrasts, LongitudinalFit, fit_mmrm, fit_random_effects
from cordwise.stats.missing import pool_estimates

DATA = Path(__file__).parent / "data"
LEVELS = {
    "Sex": ("Male", "Female"),
    "SEX": ("Male", "Female"),
    "ARMCD": ("PBO", "TRT"),
    "RACE": ("Asian", "Black or African American", "White"),
    "AVISIT": ("VIS1", "VIS2", "VIS3", "VIS4"),
}
TABLES = {  # file, subject, visit, and the formula where a row names none
    "Orthodont": ("orthodont", "Subject", "age", "distance ~ age * Sex"),
    "sleepstudy": ("sleepstudy", "Subject", "Days", "Reaction ~ Days"),
    "fev_data": ("fev_data", "USUBJID", "AVISIT", "FEV1 ~ RACE + SEX + ARMCD * AVISIT"),
}


def _data_name(row: Row) -> str:
    """Return the data set that a row names; rows of the mmrm package are about its example."""
    found = re.search("|".join(TABLES), str(row.inputs.get("data", "")) + row.method)
    return found.group() if found else "fev_data"


def _formula(row: Row, name: str) -> Formula:
    """Return the formula of a row, with the covariance that its words name."""
    written = str(row.inputs.get("formula") or TABLES[name][3])
    _, subject, visit, _ = TABLES[name]
    words = _words(row)
    if parse_formula(written).structure:
        return parse_formula(written)
    if re.search(r"mmrm|gls", words):
        structure = "ar1" if re.search(r"ar\(?1", words) else "us"
        return parse_formula(f"{written} + {structure}({visit} | {subject})")
    random = visit if "slope" in words or name == "sleepstudy" else "1"
    return parse_formula(f"{written} + ({random} | {subject})")


def _words(row: Row) -> str:
    return f"{row.name} {row.method} {row.inputs}".lower()


def _fitted(row: Row) -> tuple[LongitudinalFit, Design]:
    """Return the model of a row, fitted."""
    name = _data_name(row)
    file, subject, visit, _ = TABLES[name]
    formula = _formula(row, name)
    frame = pl.read_csv(DATA / f"{file}.csv").drop_nulls(formula.response)
    design = design_matrix(formula.terms, frame, LEVELS)
    response = frame[formula.response].cast(pl.Float64).to_numpy()
    subjects = np.unique(frame[subject].to_numpy(), return_inverse=True)[1]
    if formula.structure == "random":
        random = design_matrix(formula.random, frame, LEVELS).matrix
        return fit_random_effects(design.matrix, response, subjects, random), design
    visits = np.unique(frame[visit].to_numpy(), return_inverse=True)[1]
    structure = "ar1" if formula.structure == "ar1" else "unstructured"
    return fit_mmrm(design.matrix, response, subjects, visits, structure=structure), design


def _contrasts(row: Row, fit: LongitudinalFit, weights: np.ndarray | None = None) -> Contrasts:
    """Return contrasts by the method that the row names."""
    words = _words(row)
    if re.search(r"kenward|kr\b", words):
        linear = "linear" in words
        expected = bool(re.search("lmer|pbkr", words + row.source.lower()))
        return fit.contrasts(
            weights,
            df="kenward_roger_linear" if linear else "kenward_roger",
            information="expected" if expected else "observed",
        )
    return fit.contrasts(weights)


def coefficients(row: Row) -> Mapping[str, Any]:
    """Return the fit of a linear model of repeated measures."""
    fit, design = _fitted(row)
    each = _contrasts(row, fit)
    layout = np.arange(len(LEVELS["AVISIT"]))
    random = hasattr(fit.structure, "effects")
    cells = fit.point.parameters if random else fit.covariance(layout)[np.tril_indices(len(layout))]
    first_variance = float(np.ravel(cells)[-1 if random else 0])
    values = {
        **dict.fromkeys(("est", "fixed", "coef", "estimate", "beta"), each.estimate.tolist()),
        **dict.fromkeys(("se", "SE", "std_error"), each.standard_error.tolist()),
        **dict.fromkeys(("df", "ddf"), each.df.tolist()),
        **dict.fromkeys(("t", "t_value"), (each.estimate / each.standard_error).tolist()),
        **dict.fromkeys(("p", "p_value"), each.p.tolist()),
        **dict.fromkeys(("logREML", "logLik", "loglik", "reml"), fit.log_likelihood),
        **dict.fromkeys(("deviance", "REMLcrit", "minus2_logREML"), -2 * fit.log_likelihood),
        "sigma": first_variance**0.5,
        "names": design.names,
    }
    if not random:
        values["cov"] = values["covariance"] = values["V"] = fit.covariance(layout).tolist()
    return {key: values[key] for key in row.expected if key in values}


def least_squares_means(row: Row) -> Mapping[str, Any]:
    """Return the differences of adjusted means, treated less placebo, at every visit."""
    fit, design = _fitted(row)
    names = design.names
    weights = np.zeros((len(LEVELS["AVISIT"]), len(names)))
    weights[:, names.index("ARMCDTRT")] = 1.0
    for place, visit in enumerate(LEVELS["AVISIT"][1:], start=1):
        weights[place, names.index(f"ARMCDTRT:AVISIT{visit}")] = 1.0
    each = _contrasts(row, fit, weights)
    values = {"est": each.estimate, "se": each.standard_error, "df": each.df, "p": each.p}
    return {key: value.tolist() for key, value in values.items() if key in row.expected}


def rubin(row: Row) -> Mapping[str, Any]:
    """Return the pooled estimate of one set of imputations."""
    estimates, variances = (np.array(row.inputs[key], float)[:, None] for key in ("q", "u"))
    pooled = pool_estimates(estimates, variances, float(row.inputs.get("df_complete", np.inf)))
    values = {
        "est": pooled.estimate,
        "total_var": pooled.variance,
        "se": np.sqrt(pooled.variance),
        "fmi_lambda": pooled.missing_share,
        "df_rubin": pooled.df_rubin,
        "df_BR": pooled.df,
    }
    return {key: float(value[0]) for key, value in values.items()}


METHODS: tuple[Method, ...] = (
    Method(re.compile(r"mmrm\w*(lsm|emm)\w*"), least_squares_means),
    Method(re.compile(r"(mmrm|lme|lmer|gls)_\w+"), coefficients),
    Method(re.compile(r"rubin\w*"), rubin),
)
