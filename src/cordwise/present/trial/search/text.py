"""A search over designs in words: the answer, and the text that the command prints."""

from collections.abc import Iterator, Sequence

from cordwise.base.provenance import CONTEXT_OF_USE
from cordwise.present.columns import columns
from cordwise.present.numbers import errors
from cordwise.present.trial.text import rate_words
from cordwise.trial.search.result import Search, SearchedDesign

_DAYS_PER_YEAR = 365.25
_HEADINGS = ("", "patients", "baseline", "endpoint", "looks", "power", "null rate", "mean patients", "years", "cost")


def answer(result: Search) -> str:
    """Return what the search found, in plain words."""
    return " ".join((_tried(result), *_verdict(result), *_caution(result)))


def text(result: Search) -> str:
    """Return the text that the command prints: the frontier, the chosen design marked; the report has all designs."""
    rows = [_row(result, place) for place in result.frontier]
    lines = (
        result.question,
        "",
        answer(result),
        "",
        "Designs that no other beats in cost and power (* the cheapest that reaches the power):",
        *columns([_HEADINGS, *rows]),
        "",
        f"{result.replicates} simulated trials of each design in each scenario, seed {result.seed}.",
        result.numerics.words,
        CONTEXT_OF_USE,
    )
    return "\n".join(lines)


def endpoint_words(design: SearchedDesign, others: Sequence[SearchedDesign]) -> str:
    """Return a design's primary endpoint, with its analysis and day where others analyse or read it otherwise."""
    same = [each for each in others if each.endpoint == design.endpoint]
    ways, days = {(each.analysis, each.missing) for each in same}, {each.endpoint_day for each in same}
    analysis = f" ({_plain(design.analysis)}, {_plain(design.missing)})" if len(ways) > 1 else ""
    return f"{design.endpoint}{analysis}" + (f", day {design.endpoint_day:g}" if len(days) > 1 else "")


def money(amount: float, currency: str) -> str:
    """Return an amount in its currency, to three figures where it is large."""
    for size, word in ((1e9, " billion"), (1e6, " million")):
        if amount >= size:
            return f"{amount / size:.3g}{word} {currency}"
    return f"{amount:,.0f} {currency}".replace(",", "\u202f")


def _plain(name: str) -> str:
    return name.replace("_", " ")


def _tried(result: Search) -> str:
    keeping = sum(each.keeps_null_rate for each in result.designs)
    return (
        f"Of {len(result.designs)} designs, each simulated {result.replicates} times, {keeping} keep the null rate at "
        f"{result.goal.most_null_rate:g} or below (upper end of its 95 % interval), and {len(result.frontier)} of "
        "these are not beaten by another in cost and power together."
    )


def _verdict(result: Search) -> Iterator[str]:
    wanted = f'a power of {result.goal.power:g} in the scenario "{result.goal.scenario}"'
    if result.cheapest is not None:
        found = _found(result, result.designs[result.cheapest])
        yield f"The cheapest that reaches {wanted} with the lower end of its 95 % interval is: {found}."
        return
    yield f"None reaches {wanted} with the lower end of its 95 % interval."
    if result.frontier:
        yield f"The most powerful is: {_found(result, result.designs[result.frontier[-1]])}."
    else:
        yield "More replicates narrow the interval of the null rate; a cap at the test's own level cannot be met by it."


def _found(result: Search, design: SearchedDesign) -> str:
    first, last = design.baseline_day
    return (
        f"{design.total} patients, baseline on days {first:g}-{last:g}, {design.endpoint} ({_plain(design.analysis)}), "
        f"looks: {design.looks}; assurance {rate_words(design.power, design.mcse, design.total_error)}, null rate "
        f"{rate_words(design.null_rate, design.null_mcse, design.null_total_error)}, on average "
        f"{design.expected_n:.0f}{errors(None, design.expected_n_total_error or None, 1)} patients, "
        f"{design.expected_duration_days / _DAYS_PER_YEAR:.1f} years and {money(design.cost, result.cost.currency)}"
    )


def _caution(result: Search) -> Iterator[str]:
    yield (
        "Designs are told apart by the error of replicates and people; how far the parameter sets differ is common to "
        "all of them, and is part of each one's total error."
    )
    yield (
        "The best of many is a little flattered by the simulation that chose it: simulate it again by itself with "
        "another seed."
    )
    if len({(each.scale, each.unit) for each in result.designs}) > 1:
        yield "Endpoints compete by power alone here; which of them matters to patients is not part of the search."
    if len({each.baseline_day for each in result.designs}) > 1:
        yield "The scenario assumes of every window what it says of one; whether cells work as well later is not known."


def _row(result: Search, place: int) -> tuple[str, ...]:
    design = result.designs[place]
    return (
        "*" if place == result.cheapest else "",
        str(design.total),
        "day {:g}-{:g}".format(*design.baseline_day),
        endpoint_words(design, result.designs),
        design.looks,
        rate_words(design.power, design.mcse, design.total_error),
        rate_words(design.null_rate, design.null_mcse, design.null_total_error),
        f"{design.expected_n:.0f}{errors(None, design.expected_n_total_error or None, 1)}",
        f"{design.expected_duration_days / _DAYS_PER_YEAR:.1f}",
        money(design.cost, result.cost.currency),
    )
