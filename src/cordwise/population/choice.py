"""Whose population a run draws from: that of a registry not yet seen, a known one, or one's own."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cordwise.base.errors import Fault, InputError
from cordwise.base.inputs import Origin
from cordwise.base.provenance import sha256_of
from cordwise.base.randomness import Streams
from cordwise.evidence import Targets, read_targets
from cordwise.population.case_mix.entry_file import file_beside
from cordwise.population.conditioning import conditioned_on
from cordwise.population.posterior import PopulationFit, Posterior, parse_fit, shipped_fit
from cordwise.population.registries import known_name


@dataclass(frozen=True, slots=True, eq=False)
class ChosenPopulation:
    """The population of a run; without anything given, that of a registry not yet seen.

    Attributes
    ----------
    registry
        A registry that was fitted, whose own parameter sets are used.
    figures
        Figures of the registry itself, which narrow its forecast without a refit.
    fit
        A fit that `population calibrate` wrote; that of the package when None.
    companions
        The files behind these, by name: a run keeps them.
    """

    registry: str | None = None
    figures: Targets | None = None
    fit: PopulationFit | None = None
    companions: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    file: str | None = None

    def posterior(self, streams: Streams, *, quiet: bool = True) -> Posterior:
        """Return the parameter sets.

        Raises
        ------
        InputError
            Hardly any simulated patient qualifies for one of the figures.
        """
        fit = self.fit or shipped_fit()
        found = fit.unseen if self.registry is None else fit.of_registry(self.registry)
        return found if self.figures is None else conditioned_on(found, tuple(self.figures), streams, quiet=quiet)

    @property
    def key(self) -> tuple[object, ...]:
        """Return what tells one choice from another."""
        return self.registry, *((name, sha256_of(data)) for name, data in sorted(self.companions.items()))

    @property
    def options(self) -> dict[str, Any]:
        """Return what the record of a run holds of the choice."""
        given = {
            "registry": self.registry,
            "registry_data": None if self.figures is None else self.figures.source_file.name,
            "population": self.file,
        }
        return {name: value for name, value in given.items() if value is not None}

    @property
    def words(self) -> str:
        """Return whose recovery is forecast, for a sentence."""
        whose = "a registry not yet seen" if self.registry is None else self.registry
        if self.figures is None:
            return whose
        count = len(self.figures)
        return f"{whose}, narrowed by {count} {'figure' if count == 1 else 'figures'} of its own"

    def kept_with(self, origin: Origin) -> Origin:
        """Return an input with the files of the choice as its companions.

        Raises
        ------
        InputError
            Another file of the input has the name of one of them, so that a run could not keep both.
        """
        theirs = {**origin.companions, origin.name: origin.data}
        clashes = [name for name, data in self.companions.items() if theirs.get(name, data) != data]
        if clashes:
            expected = f"a file with another name than those of {origin.name} and of what it names"
            raise InputError([Fault("registry data or population", expected, name) for name in clashes])
        return Origin(origin.name, origin.data, {**origin.companions, **self.companions})


def choose_population(
    file: str | Path | None = None,
    *,
    registry: str | None = None,
    registry_data: str | Path | Targets | None = None,
) -> ChosenPopulation:
    """Choose whose population a run draws from.

    Parameters
    ----------
    file
        A population that `cordwise population calibrate` wrote; that of the package when None.
    registry
        Name of a registry that was fitted, such as `"emsci"`; one not yet seen when None.
    registry_data
        Table of the registry's own figures (columns of the calibration table): conversions of its first people, means
        of scores. They narrow the forecast without a refit.

    Raises
    ------
    InputError
        A file is missing or wrong, or nobody knows the registry; all faults are told.

    Examples
    --------
    >>> choose_population(registry="emsci").words
    'EMSCI'
    """
    faults: list[Fault] = []
    fit, figures, companions, name = None, None, {}, registry
    if file is not None:
        try:
            data = _bytes_of(Path(file))
            fit = parse_fit(data, str(file))
            companions[Path(file).name] = data
        except InputError as error:
            faults += error.faults
    if isinstance(registry_data, str | Path):
        try:
            figures = read_targets(registry_data)
        except InputError as error:
            faults += error.faults
    elif registry_data is not None:
        figures = registry_data
    if figures is not None:
        companions[figures.source_file.name] = figures.source_file.data
    if registry is not None:
        known = tuple((fit or shipped_fit()).places)
        name = known_name(registry, known)
        if name is None:
            faults.append(Fault("registry", f"one of {', '.join(known)}", registry, is_argument=True))
    if faults:
        raise InputError(faults)
    return ChosenPopulation(name, figures, fit, companions, None if file is None else Path(file).name)


def stated_population(
    registry: object, registry_data: object, *, beside: Path, where: Callable[[str], str]
) -> tuple[ChosenPopulation | None, list[Fault]]:
    """Return the population that a study or design file states, None where it states none, and what is wrong with it.

    Parameters
    ----------
    registry, registry_data
        Values of the keys of these names: a registry that was fitted, and a table beside the file.
    beside
        The file.
    where
        Gives the place of a key, for faults.
    """
    faults: list[Fault] = []
    name = registry if isinstance(registry, str) else None
    figures, companions = None, {}
    if name is not None:
        known = tuple(shipped_fit().places)
        found = known_name(name, known)
        if found is None:
            faults.append(Fault(where("registry"), f"one of {', '.join(known)}", name))
        name = found
    if isinstance(registry_data, str):
        try:
            figures = read_targets(file_beside(registry_data, beside.parent, where("registry_data")))
            companions[registry_data] = figures.source_file.data
        except InputError as error:
            faults += error.faults
    stated = name is not None or figures is not None
    return (ChosenPopulation(name, figures, None, companions) if stated and not faults else None), faults


def population_of(
    given: ChosenPopulation | str | Path | None, stated: ChosenPopulation | None = None
) -> ChosenPopulation:
    """Return what was given, a file of that name, or else what the input states."""
    if isinstance(given, ChosenPopulation):
        return given
    if given is not None:
        return choose_population(given)
    return stated or ChosenPopulation()


def _bytes_of(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        expected = "a file that `cordwise population calibrate` wrote"
        raise InputError([Fault(str(file), expected, error.strerror or str(error))]) from error
