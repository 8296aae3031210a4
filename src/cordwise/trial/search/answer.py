"""The answer of a search in one paragraph, built from the numbers of the result."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Values = Mapping[str, Any]
_DAYS_PER_YEAR = 365.25


def answer(values: Values) -> str:
    """Return what the search found, in plain words."""
    return " ".join((_tried(values), *_verdict(values), *_caution(values)))


def design_words(row: Values) -> str:
    """Return a design of the search in a few words."""
    first, last = row["baseline_day"]
    analysis = row["analysis"].replace("_", " ")
    who = f"{row['total']} patients, baseline on days {first:g}-{last:g}"
    return f"{who}, {row['endpoint']} ({analysis}), looks: {row['looks']}"


def endpoint_words(row: Values, rows: Sequence[Values]) -> str:
    """Return a design's primary endpoint, with its analysis and day where others analyse or read it otherwise."""
    ways = {(each["analysis"], each["missing"]) for each in rows if each["endpoint"] == row["endpoint"]}
    days = {each["endpoint_day"] for each in rows if each["endpoint"] == row["endpoint"]}
    analysis = f" ({row['analysis'].replace('_', ' ')}, {row['missing'].replace('_', ' ')})" if len(ways) > 1 else ""
    return f"{row['endpoint']}{analysis}" + (f", day {row['endpoint_day']:g}" if len(days) > 1 else "")


def money(amount: float, currency: str) -> str:
    """Return an amount in its currency, to three figures where it is large."""
    for size, word in ((1e9, " billion"), (1e6, " million")):
        if amount >= size:
            return f"{amount / size:.3g}{word} {currency}"
    return f"{amount:,.0f} {currency}".replace(",", "\u202f")


def _tried(values: Values) -> str:
    rows, cap = values["designs"], values["goal"]["most_null_rate"]
    keeping = sum(row["keeps_null_rate"] for row in rows)
    return (
        f"Of {len(rows)} designs, each simulated {values['replicates']} times, {keeping} keep the null rate at {cap:g} "
        f"or below (upper end of its 95 % interval), and {len(values['frontier'])} of these are not beaten by another "
        "in cost and power together."
    )


def _verdict(values: Values) -> Iterator[str]:
    goal, rows = values["goal"], values["designs"]
    wanted = f'a power of {goal["power"]:g} in the scenario "{goal["scenario"]}"'
    if values["cheapest"] is not None:
        found = _found(values, rows[values["cheapest"]])
        yield f"The cheapest that reaches {wanted} with the lower end of its 95 % interval is: {found}."
        return
    yield f"None reaches {wanted} with the lower end of its 95 % interval."
    if values["frontier"]:
        yield f"The most powerful is: {_found(values, rows[values['frontier'][-1]])}."
    else:
        yield "More replicates narrow the interval of the null rate; a cap at the test's own level cannot be met by it."


def _found(values: Values, row: Values) -> str:
    cost = money(row["cost"], values["cost"]["currency"])
    return (
        f"{design_words(row)}; power {row['power']:.3f} (MCSE {row['mcse']:.3f}), null rate {row['null_rate']:.3f} "
        f"(MCSE {row['null_mcse']:.3f}), on average {row['expected_n']:.0f} patients, "
        f"{row['expected_duration_days'] / _DAYS_PER_YEAR:.1f} years and {cost}"
    )


def _caution(values: Values) -> Iterator[str]:
    best = values["cheapest"] if values["cheapest"] is not None else next(reversed(values["frontier"]), None)
    if best is not None:
        row = values["designs"][best]
        yield (
            "The intervals are those of the simulated trials; other simulated patients would move its true effect of "
            f"{row['estimand_true'][0]:.3f} by about {row['estimand_bank_error'][0]:.3f}, and its power with it."
        )
    yield (
        "The best of many is a little flattered by the simulation that chose it: simulate it again by itself with "
        "another seed."
    )
    if len({(row["scale"], row["unit"]) for row in values["designs"]}) > 1:
        yield "Endpoints compete by power alone here; which of them matters to patients is not part of the search."
    if len({tuple(row["baseline_day"]) for row in values["designs"]}) > 1:
        yield "The scenario assumes of every window what it says of one; whether cells work as well later is not known."
