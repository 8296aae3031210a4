"""Which read-outs open an experiment's answer, and which are shown where a file asks for all of them."""

from cordwise.cord.parameters import Species
from cordwise.experiment.effect import PairedEffect, ReadoutSummary
from cordwise.experiment.result import ExperimentResult

_HEADLINES = {Species.RODENT: ("bbb", "spared_share", "grey_lost_mm"), Species.HUMAN: ("uems", "lems", "ais")}
_MAIN = {
    Species.RODENT: (
        "bbb", "ladder", "spared_share", "axons", "grey_lost_mm", "lesion_length_mm", "plastic_gain",
        "conducting_share", "neutrophils", "macrophages", "microglia", "barrier_leak", "border", "matrix",
        "cells_alive_share",
    ),
    Species.HUMAN: (
        "uems", "lems", "light_touch", "pin_prick", "scim", "ais", "ais_improved", "ais_a_to_incomplete",
        "total_motor", "spared_share", "mep", "ssep", "lesion_length_mm", "plastic_gain", "cells_alive",
    ),
}  # fmt: skip
_EXACT = 1e-4  # share of a mean below which a difference may be one of steps in time
_MANY = 24  # read-outs: with more, the main ones are shown and the others counted


def headlines(result: ExperimentResult) -> tuple[str, ...]:
    """Return up to three read-outs that answer the question; the first one asked for where none of them was read."""
    read = tuple(result.conditions[0].readouts)
    return tuple(name for name in _HEADLINES[result.species] if name in read) or read[:1]


def shown_readouts(result: ExperimentResult) -> tuple[str, ...]:
    """Return the read-outs to show: those that were read, or of very many the main ones."""
    read = tuple(result.conditions[0].readouts)
    if len(read) <= _MANY:
        return read
    return tuple(name for name in _MAIN[result.species] if name in read)


def others_in_words(result: ExperimentResult) -> str:
    """Return how many read-outs are not shown, and where they are; nothing where all are."""
    more = len(result.conditions[0].readouts) - len(shown_readouts(result))
    return f"{more} more read-outs: name some as `readouts` in the file, or use --json or --out." if more else ""


def is_nothing(effect: PairedEffect, seen: ReadoutSummary) -> bool:
    """Tell whether a difference is smaller than the solution is exact, however narrow its interval."""
    return max(abs(effect.low95), abs(effect.high95)) < _EXACT * abs(seen.mean)
