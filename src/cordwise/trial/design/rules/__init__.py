"""What no single value of a design shows: rules between keys, checked on the raw tables.

They run whether or not the schema holds, so that a user hears of every fault at once; a rule whose values are missing
or of the wrong kind stays silent, because the schema has already spoken.
"""

from collections.abc import Iterator
from pathlib import Path

from cordwise.base.errors import Fault
from cordwise.trial.design.rules import arms, conduct, endpoints, methods, stopping
from cordwise.trial.design.rules.arms import NULL_SCENARIO
from cordwise.trial.design.rules.raw import Raw

__all__ = ["NULL_SCENARIO", "contradictions"]

_RULES = (*arms.RULES, *conduct.RULES, *endpoints.RULES, *methods.RULES, *stopping.RULES)


def contradictions(raw: Raw, path: Path | str) -> Iterator[Fault]:
    """Yield every fault between the keys of a design."""
    for rule in _RULES:
        yield from rule(raw, path)
