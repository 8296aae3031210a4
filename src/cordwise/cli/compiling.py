"""Tell, once, that a command compiles before it can answer, and for about how long."""

import sys
from functools import partial

from cordwise.base.compile_watch import tell_at_first
from cordwise.base.tables import packaged_table

_WORTH_TELLING = 1.0  # seconds
_LIKE = {  # commands that were not measured, and the one that they resemble
    "trial compare": "trial simulate",
    "trial optimise": "trial simulate",
    "population cross-validate": "population check",
    "cord sensitivity": "cord perturb",
}


def tell_when_compiling(command: str, *, quiet: bool) -> None:
    """Let a command say on standard error that it is compiling, as soon as it does and not otherwise."""
    tell_at_first(None if quiet else partial(_tell, command))


def _tell(command: str) -> None:
    if sentence := compiling_sentence(command):
        print(sentence, file=sys.stderr, flush=True)


def compiling_sentence(command: str) -> str:
    """Return what is said when the first function of a command is being compiled; blank where it is not worth a word.

    The seconds were measured on one machine (`compile_seconds.csv`), and are added up over what is not kept already.
    """
    from cordwise.base.compiling import cache_trouble, code_is_kept

    measured = _LIKE.get(command, command)
    rows = [row for row in packaged_table("cordwise.cli", "compile_seconds") if row["command"] == measured]
    seconds = sum(float(row["seconds"]) for row in rows if not code_is_kept(row["module"], row["function"]))
    trouble = cache_trouble()
    if rows and seconds < _WORTH_TELLING:
        return trouble or ""
    guess = "" if measured == command else " at a guess"
    words = f"about {seconds:.0f} s{guess}" if rows else "how long was not measured"
    return f"Compiling, {words}. {trouble}" if trouble else f"Compiling, {words}, once."
