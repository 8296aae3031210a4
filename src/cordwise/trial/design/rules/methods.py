"""Which analysis goes with which measure, which rule for missing values with which analysis and strategy."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from cordwise.base.errors import Fault
from cordwise.base.toml import place, shown
from cordwise.trial.design.complete import STRATEGY_OF
from cordwise.trial.design.rules.endpoints import kind_of
from cordwise.trial.design.rules.raw import Raw, is_single_arm, table, tables, text

BINARY = ("n_minus_1_chi_square", "chi_square", "fisher_exact", "boschloo", "cmh", "beta_binomial", "single_arm_exact")
MEANS = ("ancova", "two_sample_t", "welch_t", "mmrm", "normal_posterior")
RANKS = ("rank_sum", "van_elteren")
ORDINAL = ("proportional_odds", "score_test", "sliding_ordinal")
WINS = ("net_benefit", "win_odds", "win_ratio")
MUSCLES = ("transitional_ordinal",)
ANALYSES: Mapping[str, tuple[str, ...]] = {
    "binary": BINARY,
    "score": (*MEANS, *RANKS, *ORDINAL, *WINS, *MUSCLES),
    "ordinal": (*ORDINAL, *RANKS, *WINS),
    "composite": WINS,
}
IMPUTED = ("multiple_imputation", "jump_to_reference", "copy_increments", "delta")
_MUSCLE_SCORES = ("uems", "lems", "total_motor")


def analyses(raw: Raw, path: Path | str) -> Iterator[Fault]:
    """Check that the analysis suits the measure."""
    for position, endpoint in tables(raw, "endpoints"):
        kind, analysis = kind_of(endpoint), text(endpoint, "analysis")
        if kind is None or analysis is None:
            continue
        where, measure = place(path, ("endpoints", position, "analysis")), endpoint["measure"]
        yield from _one_of(analysis, ANALYSES[kind], f'with measure = "{measure}"', where, known=_known())
        if analysis in MUSCLES and measure.removesuffix("_change") not in _MUSCLE_SCORES:
            expected = f"a motor score ({', '.join(_MUSCLE_SCORES)}) where its muscles are analysed"
            yield Fault(place(path, ("endpoints", position, "measure")), expected, shown(measure))


def arms_for(raw: Raw, path: Path | str) -> Iterator[Fault]:
    """Check that a single arm is set against a benchmark; two or more are compared."""
    for position, endpoint in tables(raw, "endpoints"):
        analysis, where = text(endpoint, "analysis"), place(path, ("endpoints", position, "analysis"))
        alone = analysis == "single_arm_exact"
        if is_single_arm(raw) and not alone:
            yield Fault(where, '"single_arm_exact" in a trial of one arm', shown(analysis) if analysis else "nothing")
        if alone and not is_single_arm(raw) and tables(raw, "arms"):
            yield Fault(where, "an analysis of two arms", shown(analysis), "Or keep one treated arm alone.")
        if alone != ("benchmark" in endpoint):
            expected = 'the share to beat, with analysis = "single_arm_exact" only'
            found = shown(endpoint["benchmark"]) if "benchmark" in endpoint else "nothing"
            yield Fault(place(path, ("endpoints", position, "benchmark")), expected, found)


def missing_rules(raw: Raw, path: Path | str) -> Iterator[Fault]:
    """Check that the rule for missing values suits measure, analysis and strategy."""
    for position, endpoint in tables(raw, "endpoints"):
        kind, missing = kind_of(endpoint), text(endpoint, "missing")
        at = ("endpoints", position)
        if kind is not None and missing is not None:
            allowed = _missing_for(kind, text(endpoint, "analysis"))
            wanted = f'with measure = "{endpoint["measure"]}"'
            yield from _one_of(missing, allowed, wanted, place(path, (*at, "missing")), known=tuple(STRATEGY_OF))
        strategy = text(table(endpoint, "estimand"), "strategy")
        if missing is not None and missing in STRATEGY_OF and strategy is not None:
            known = tuple({each for strategies in STRATEGY_OF.values() for each in strategies})
            where = place(path, (*at, "estimand", "strategy"))
            yield from _one_of(strategy, STRATEGY_OF[missing], f'with missing = "{missing}"', where, known=known)


def histories(raw: Raw, path: Path | str) -> Iterator[Fault]:
    """Check that earlier controls are borrowed by Bayesian analyses, in the numbers those need."""
    needs: Mapping[str, tuple[str, ...]] = {"beta_binomial": ("improved",), "normal_posterior": ("mean", "sd")}
    for position, endpoint in tables(raw, "endpoints"):
        if "historical_control" not in endpoint:
            continue
        at, analysis = ("endpoints", position, "historical_control"), text(endpoint, "analysis")
        if analysis not in needs:
            expected = "nothing beside an analysis that cannot borrow"
            advice = 'Choose analysis = "beta_binomial" or "normal_posterior".'
            yield Fault(place(path, at), expected, shown(analysis) if analysis else "no analysis", advice)
            continue
        for key in needs[analysis]:
            if key not in table(endpoint, "historical_control"):
                yield Fault(place(path, (*at, key)), f'a value with analysis = "{analysis}"', "nothing")


def _missing_for(kind: str, analysis: str | None) -> tuple[str, ...]:
    if analysis == "mmrm":
        return ("modelled",)
    rules: Mapping[str, tuple[str, ...]] = {
        "binary": ("non_improver", "complete_case"),
        "score": ("complete_case", "worst_score", "last_seen", *IMPUTED),
        "ordinal": ("complete_case", "worst_score", "last_seen"),
        "composite": ("complete_case", "worst_score"),
    }
    imputable = analysis in {None, "ancova"}
    return tuple(rule for rule in rules[kind] if imputable or rule not in IMPUTED)


def _one_of(value: str, allowed: Sequence[str], wanted: str, where: str, *, known: Sequence[Any]) -> Iterator[Fault]:
    if value in known and value not in allowed:
        yield Fault(where, f"{' or '.join(shown(each) for each in allowed)} {wanted}", shown(value))


def _known() -> tuple[str, ...]:
    return tuple({each for names in ANALYSES.values() for each in names})


RULES = (analyses, arms_for, missing_rules, histories)
