"""A sensitivity analysis in words: the answer, and the text that the command prints."""

from collections.abc import Iterator

from cordwise.base.provenance import CONTEXT_OF_USE
from cordwise.experiment.sensitivity.designs import MorrisIndex, SensitivityMethod, SobolIndex
from cordwise.experiment.sensitivity.result import RankedOutcome, Sensitivity
from cordwise.present.columns import columns

SHOWN = 10
_NOTHING = 5e-4  # of scores in points
_NAMED = 3  # inputs named in the answer
SCORES = {"total_motor": "total motor score", "bbb": "open-field score"}
WORLD_WORDS = {"without": "without cells", "with": "with cells", "effect": "the effect of cells"}


def in_words(name: str) -> str:
    """Return a name as a reader says it."""
    return name.removesuffix("_mm").replace("_", " ")


def main_output(outcomes: tuple[RankedOutcome, ...], world: str) -> RankedOutcome | None:
    """Return the score on the last day, without or with cells or their effect; None where there are no cells."""
    rows = [row for row in outcomes if row.world == world and row.readout in SCORES]
    return rows[-1] if rows else None


def answer(result: Sensitivity) -> str:
    """Return what decides the score on the last day, and how much of the effect of cells is due to the translation."""
    sentences = []
    for world in ("without", "effect"):
        output, whole = main_output(result.outputs, world), main_output(result.mechanisms, world)
        if output is not None and whole is not None:
            sentences.append(_decided(output, whole))
    return " ".join([*sentences, *_translation(result), *_failures(result)])


def _decided(output: RankedOutcome, whole: RankedOutcome) -> str:
    """Return how far one outcome varies, and what decides it."""
    named, first = ", ".join(in_words(row.factor) for row in output.indices[:_NAMED]), whole.shares[0]
    spread = f"{_number(whole.low90)} to {_number(whole.high90)} in nine of ten runs"
    return (
        f"On day {output.day:g}, the {SCORES[output.readout]} {_of_world(output.world)} is "
        f"{_number(whole.mean)} on average ({spread}) and depends most on {named}; the mechanism that makes most of "
        f"its variance is {in_words(first.factor)} ({first.ST:.0%} in all, ±{first.ST_conf:.0%})."
    )


def _number(value: float) -> str:
    return f"{value if abs(value) > _NOTHING else 0.0:.3g}"


def _of_world(world: str) -> str:
    return "gained by the cells" if world == "effect" else WORLD_WORDS[world]


def _translation(result: Sensitivity) -> Iterator[str]:
    own = [row for row in result.translation if row.readout in SCORES]
    for share in own[-1:]:
        yield (
            f"Of the variance of the effect of the cells, {share.S1:.0%} (±{share.S1_conf:.0%}) is due to the "
            f"translation alone and {share.ST:.0%} (±{share.ST_conf:.0%}) to it and what it acts together with."
        )


def failures(result: Sensitivity) -> str:
    """Return how many runs failed and were left out."""
    first, second = result.failed, result.failed_of_mechanisms
    unit = "trajectories" if result.method == SensitivityMethod.MORRIS else "base samples"
    return (
        f"{first.failed + second.failed} of {first.runs + second.runs} runs had no credible solution (a lesion that "
        f"spreads along the whole cord, or no finite number): {first.blocks_left_out} of {first.blocks} {unit} of "
        f"single inputs and {second.blocks_left_out} of {second.blocks} base samples of mechanisms were left out whole."
    )


def _failures(result: Sensitivity) -> list[str]:
    return [failures(result)] if result.failed.failed + result.failed_of_mechanisms.failed else []


def text(result: Sensitivity) -> str:
    """Return the text that the command prints: the leading inputs for the score on the last day."""
    lines = [result.question, "", answer(result)]
    for world, words in WORLD_WORDS.items():
        output, whole = main_output(result.outputs, world), main_output(result.mechanisms, world)
        if output is not None and whole is not None:
            lines += ["", f"{SCORES[output.readout]}, day {output.day:g}, {words}: leading inputs", ""]
            lines += columns([_headings(result), *(_row(row) for row in output.indices[:SHOWN])])
            lines += ["", "shares of variance by mechanism", ""]
            lines += columns([_SHARES, *(_share_row(row) for row in whole.shares if row.ST_conf < row.ST)])
    about = (
        f"{result.runs} runs of single inputs ({result.method}), {result.mechanism_runs} of mechanisms; "
        f"seed {result.seed}."
    )
    return "\n".join((*lines, "", failures(result), about, CONTEXT_OF_USE))


_SHARES = ("mechanism", "alone", "±", "in all", "±")


def _headings(result: Sensitivity) -> tuple[str, ...]:
    if result.method == SensitivityMethod.MORRIS:
        return ("input", "mechanism", "mu*", "±", "mu", "sigma")
    return ("input", "mechanism", "S1", "±", "ST", "±")


def _row(row: MorrisIndex | SobolIndex) -> tuple[str, ...]:
    if isinstance(row, MorrisIndex):
        numbers = (row.mu_star, row.mu_star_conf, row.mu, row.sigma)
    else:
        numbers = (row.S1, row.S1_conf, row.ST, row.ST_conf)
    return (row.factor, row.mechanism, *(f"{value:.3g}" for value in numbers))


def _share_row(row: SobolIndex) -> tuple[str, ...]:
    return (row.factor, *(f"{value:.0%}" for value in (row.S1, row.S1_conf, row.ST, row.ST_conf)))
