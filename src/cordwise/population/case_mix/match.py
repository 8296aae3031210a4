"""How well weighed patients meet a baseline table, as results tell it and as texts say it."""

from collections.abc import Iterator
from dataclasses import dataclass

from cordwise.base.tables import packaged_values
from cordwise.patient.outcome_parameters import bank_parameter


def case_mix_parameter(name: str) -> float:
    """Return a number that the match takes by judgement, from its table."""
    return packaged_values("cordwise.population", "case_mix_parameters")[name]


@dataclass(frozen=True, slots=True)
class MatchedRow:
    """A row of a baseline table beside what the simulated patients show; None where nobody is in its group.

    `missed_se` says by how many standard errors of the published figure the weighted one is off; None where that error
    is not known. `effective_share` is the share of the simulated patients in the row's group that still counts.
    """

    target_id: str
    measure: str
    observed: float
    unweighted: float | None
    weighted: float | None
    missed_se: float | None = None
    effective_share: float | None = None

    @property
    def is_missed(self) -> bool:
        """Return whether the weighted figure is further off than sampling explains."""
        return self.missed_se is not None and self.missed_se > case_mix_parameter("missed_standard_errors")

    @property
    def is_thin(self) -> bool:
        """Return whether hardly any of the patients in the row's group carry it."""
        return self.effective_share is not None and self.effective_share < bank_parameter("least_effective_share")

    @property
    def words(self) -> str:
        """Return how near the simulated people come to the row."""
        figure = f"row {self.target_id}, {self.measure} {self.observed:.3g}"
        if self.weighted is None:
            return f"{figure}: nobody simulated is in its group"
        off = "" if self.missed_se is None else f", off by {self.missed_se:.1f} standard errors"
        thin = f"; only {100 * (self.effective_share or 0.0):.1f} % of those in its group still count"
        return f"{figure}: simulated people can be weighed to {self.weighted:.3g}{off}{thin if self.is_thin else ''}"


@dataclass(frozen=True, slots=True)
class CaseMixMatch:
    """How well weighed patients meet a baseline table, as results tell it; None where no patient enters.

    Attributes
    ----------
    effective_share
        Share of the simulated patients who enter that still counts (Kish), over all parameter sets.
    rows
        The table, row by row.
    effective_people, effective_people_least
        How many people of equal weight those of one parameter set are worth: on average, and in the set with fewest.
    effective_sets, sets
        Parameter sets that count, each alike, and all that were weighed. A set whose people cannot be weighed to the
        table counts for nothing.
    """

    effective_share: float | None
    rows: tuple[MatchedRow, ...]
    effective_people: float | None = None
    effective_people_least: float | None = None
    effective_sets: float | None = None
    sets: int | None = None

    @property
    def missed(self) -> tuple[MatchedRow, ...]:
        """Return the rows that the weighed patients do not meet, or a handful only, and those that describe nobody."""
        return tuple(row for row in self.rows if row.is_missed or row.is_thin or row.weighted is None)

    @property
    def kept_words(self) -> str:
        """Return how many people and parameter sets still count."""
        parts = [] if self.effective_share is None else [_still_count(self.effective_share)]
        if self.effective_people is not None and self.effective_people_least is not None:
            parts.append(
                f"people of one parameter set are worth {self.effective_people:.0f} of equal weight "
                f"({self.effective_people_least:.0f} at least)"
            )
        if self.effective_sets is not None and self.sets is not None:
            parts.append(f"{self.effective_sets:.0f} of {self.sets} parameter sets count")
        return "; ".join(parts)

    def lines(self) -> Iterator[str]:
        """Yield what texts print: how many still count, then every row that is missed."""
        if self.effective_share is not None:
            yield f"Weighed to the case mix at entry: {self.kept_words}."
            yield from (f"  {row.words}" for row in self.missed)


def _still_count(share: float) -> str:
    return f"{100 * share:.0f} % of the simulated patients still count"
