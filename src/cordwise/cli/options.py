"""The options every computing command shares."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter, Token
from cyclopts.validators import Number

if TYPE_CHECKING:
    from cyclopts.completion import CompletionContext

    from cordwise.population.choice import ChosenPopulation


def _whole(_kind: type, tokens: Sequence[Token]) -> int:
    """Return a whole number, and refuse 1.5 rather than round it."""
    return int(tokens[0].value)


def names_of(*kinds: str) -> "Callable[[CompletionContext], dict[str, str]]":
    """Return what gives the shell the names of the examples of some kinds, each with its question."""

    def complete(_context: "CompletionContext") -> dict[str, str]:
        from cordwise.base.examples import list_examples

        found = list_examples(*kinds)
        names = [each.name for each in found]
        return {
            each.name if names.count(each.name) == 1 else f"{each.folder}/{each.name}": each.question for each in found
        }

    return complete


StudyName = Annotated[Path, Parameter(completer=names_of("studies"))]
DesignName = Annotated[Path, Parameter(completer=names_of("designs"))]
SearchName = Annotated[Path, Parameter(completer=names_of("searches"))]
PatientName = Annotated[Path, Parameter(completer=names_of("patients"))]
ExperimentName = Annotated[Path, Parameter(completer=names_of("experiments"))]
ExaminationsName = Annotated[Path, Parameter(completer=names_of("examinations"))]
RegistryName = Annotated[Path, Parameter(completer=names_of("registries"))]
Count = Annotated[int, Parameter(converter=_whole, validator=Number(gte=1))]
Draws = Annotated[int, Parameter(converter=_whole, validator=Number(gte=2, lte=200))]
Flag = Annotated[bool, Parameter(negative=())]


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class PopulationOptions:
    """Options of a command that forecasts natural recovery."""

    population: Path | None = None
    """A population that `cordwise population calibrate` wrote, instead of the one that ships."""
    registry: str | None = None
    """A registry that was fitted, for example emsci; a registry not yet seen when not given."""
    registry_data: Path | None = None
    """Figures of the registry itself (CSV, columns of the calibration table), which narrow its forecast."""

    @property
    def is_given(self) -> bool:
        """Return whether any of them was given."""
        return any(each is not None for each in (self.population, self.registry, self.registry_data))

    def chosen(self) -> "ChosenPopulation | None":
        """Return the population they choose; None where none was given, so that the input decides."""
        if not self.is_given:
            return None
        from cordwise.population.choice import choose_population

        return choose_population(self.population, registry=self.registry, registry_data=self.registry_data)


@Parameter(name="*")
@dataclass(frozen=True, slots=True)
class RunOptions:
    """Options of a command that computes."""

    json: Flag = False
    """Print the result as JSON on standard output; talk goes to standard error."""
    seed: Annotated[int | None, Parameter(validator=Number(gte=0))] = None
    """Seed of the random streams. Drawn, printed and stored when not given."""
    out: Path | None = None
    """Run folder to write: the input, results, tables, report and provenance."""
    quiet: Flag = False
    """No progress and no advice."""
    workers: Annotated[int | None, Parameter(validator=Number(gte=1))] = None
    """Threads to use, all cores when not given. Results do not depend on it."""

    def tell(self, sentence: str) -> None:
        """Say something to the person at the terminal, never on standard output."""
        if not self.quiet:
            print(sentence, file=sys.stderr)

    def start(self, command: str) -> int:
        """Set the number of threads and return the seed; tell of one that was drawn, of compiling, of a full cache."""
        from cordwise.base.kept_arrays import tell_trouble
        from cordwise.cli.compiling import tell_when_compiling

        tell_when_compiling(command, quiet=self.quiet)
        tell_trouble(self.tell)
        if self.workers is not None:
            import numba

            numba.set_num_threads(min(self.workers, numba.get_num_threads()))
        from cordwise.base.randomness import resolve_seed

        seed = resolve_seed(self.seed)
        if self.seed is None:
            self.tell(f"Seed {seed} was drawn; give --seed {seed} to repeat this run.")
        return seed
