"""A whole design: read from its file, checked, and completed with every default."""

import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, ValidationError

from cordwise.base.codec import HIDDEN
from cordwise.base.errors import Fault, InputError
from cordwise.base.inputs import Origin, read_input
from cordwise.base.toml import faults_from, place
from cordwise.patient.file_types import FileTable, Text
from cordwise.trial.design.changes import as_toml, at_path, merged
from cordwise.trial.design.complete import complete_endpoint, complete_randomisation
from cordwise.trial.design.conduct import (
    Accrual,
    Assessment,
    Dropout,
    FollowUp,
    IntercurrentEvent,
    Randomisation,
    RandomisationTable,
    Size,
)
from cordwise.trial.design.endpoints import Endpoint, EndpointTable
from cordwise.trial.design.people import Population
from cordwise.trial.design.rules import contradictions
from cordwise.trial.design.stopping import Adaptation, Looks, Safety
from cordwise.trial.design.treatment import DEFAULT_SCENARIO, Arm, Scenario

if TYPE_CHECKING:
    from cordwise.population.case_mix.weights import BaselineTable
    from cordwise.population.choice import ChosenPopulation

_MOST_ARMS = 6
Multiplicity = Literal["dunnett", "bonferroni", "none"]


class DesignFile(FileTable):
    """A trial, as its file tells it; without a control arm it is a single-arm trial."""

    name: Text
    question: Text
    population: Population
    arms: Annotated[tuple[Arm, ...], Field(min_length=1, max_length=_MOST_ARMS)]
    randomisation: RandomisationTable = RandomisationTable()
    size: Size
    accrual: Accrual = Accrual()
    followup: FollowUp | None = None
    endpoints: Annotated[tuple[EndpointTable, ...], Field(min_length=1)]
    multiplicity: Multiplicity = "dunnett"
    looks: Looks | None = None
    adaptation: Adaptation | None = None
    safety: Safety | None = None
    dropout: Dropout = Dropout()
    intercurrent_events: tuple[IntercurrentEvent, ...] = ()
    assessment: Assessment = Assessment()
    scenarios: Annotated[tuple[Scenario, ...], Field(min_length=1)] = (DEFAULT_SCENARIO,)


@dataclass(frozen=True, kw_only=True)
class DesignTables:
    """The tables of a trial with everything decided; a rule that the trial does not have is None."""

    name: str
    question: str
    population: Population
    arms: tuple[Arm, ...]
    randomisation: Randomisation
    size: Size
    accrual: Accrual
    followup: FollowUp
    endpoints: tuple[Endpoint, ...]
    multiplicity: Multiplicity
    looks: Looks | None
    adaptation: Adaptation | None
    safety: Safety | None
    dropout: Dropout
    intercurrent_events: tuple[IntercurrentEvent, ...]
    assessment: Assessment
    scenarios: tuple[Scenario, ...]

    @property
    def primary(self) -> Endpoint:
        """Return the primary endpoint."""
        return next(each for each in self.endpoints if each.primary)


@dataclass(frozen=True, kw_only=True)
class Design(DesignTables):
    """A checked trial, complete; get one with `read_design`, and others like it with `with_`.

    Attributes
    ----------
    case_mix
        The baseline table that the simulated patients are weighed to resemble, where the design names one.
    recovery
        Whose natural recovery is assumed, where the design states it.
    origin
        The design file as it stands, with the tables that it names.
    """

    case_mix: "BaselineTable | None" = field(metadata=HIDDEN, repr=False)
    recovery: "ChosenPopulation | None" = field(metadata=HIDDEN, repr=False)
    origin: Origin = field(metadata=HIDDEN)

    @cached_property
    def as_written(self) -> Mapping[str, Any]:
        """Return the tables of the file, with nothing decided that it leaves open."""
        return MappingProxyType(tomllib.loads(self.origin.data.decode()))

    def with_(self, **changes: Any) -> "Design":  # noqa: ANN401 - tables, lists and values of a design file
        """Return the design with some keys changed, checked again.

        Tables merge with what is there, lists and values replace it, and None removes a key::

            design.with_(size=dict(total=200), looks=None)

        Raises
        ------
        InputError
            The changed design breaks a rule; faults name the arguments, such as `size.total`.
        """
        return self._changed(merged(self.as_written, changes))

    def with_values(self, values: Mapping[str, Any]) -> "Design":
        """Return the design with values put at dotted paths, such as `size.total` or `arms.cells.dose_cells`.

        Raises
        ------
        InputError
            A path leads nowhere, or the changed design breaks a rule.
        """
        tables: Mapping[str, Any] = self.as_written
        for path, value in values.items():
            tables = merged(tables, at_path(tables, path, value))
        return self._changed(tables)

    def _keeps_recovery(self, tables: Mapping[str, Any]) -> bool:
        """Return whether changed tables state the same population."""
        stated = tables.get("population")
        names = ("registry", "registry_data")
        return isinstance(stated, Mapping) and all(stated.get(name) == getattr(self.population, name) for name in names)

    def _changed(self, tables: Mapping[str, Any]) -> "Design":
        mix, companions = self.case_mix, self.origin.companions
        name = _case_mix_name(tables)
        if name != self.population.case_mix:
            mix, companions = _read_case_mix(name, Path(self.origin.name), "population.case_mix")
        try:
            return check_design(
                tables,
                "",
                name=self.origin.name,
                case_mix=mix,
                recovery=self.recovery if self._keeps_recovery(tables) else None,
                companions=companions,
            )
        except InputError as error:
            raise InputError(_as_arguments(error.faults)) from None


def read_design(name: str | Path) -> Design:
    """Read a design: its file is read, checked and completed once, and the case mix that it names with it.

    Parameters
    ----------
    name
        A path, or the name of a shipped example.

    Raises
    ------
    InputError
        The file is missing, is not TOML, breaks the schema, contradicts itself, or names a table that is not there;
        every fault is told at once.
    """
    source = read_input(name, "designs", "design")
    tables = _checked(source.tables, source.path)
    where = place(source.path, ("population", "case_mix"))
    mix, companions = _read_case_mix(tables.population.case_mix, source.path, where)
    recovery = _recovery(tables, source.path, lambda key: place(source.path, ("population", key)))
    companions |= recovery.companions if recovery else {}
    return _complete(tables, case_mix=mix, recovery=recovery, origin=source.origin(companions))


def check_design(
    tables: Mapping[str, Any],
    where: Path | str,
    *,
    name: str = "design.toml",
    case_mix: "BaselineTable | None" = None,
    recovery: "ChosenPopulation | None" = None,
    companions: Mapping[str, bytes] | None = None,
) -> Design:
    """Return the design in tables that no file holds, or raise every fault in them.

    Parameters
    ----------
    tables
        The tables as a design file has them.
    where
        Opens the place of every fault.
    name
        What the design's file would be called.
    case_mix, recovery, companions
        The baseline table and the population that the tables name, and the bytes of their files; a population that is
        not given is looked for beside a file of that name.
    """
    checked = _checked(tables, where)
    recovery = recovery or _recovery(checked, Path(name), "population.{}".format)
    import tomli_w

    data = tomli_w.dumps(as_toml(tables)).encode()
    kept = {**(companions or {}), **(recovery.companions if recovery else {})}
    origin = Origin(name, data, MappingProxyType(kept))
    return _complete(checked, case_mix=case_mix, recovery=recovery, origin=origin)


def _checked(raw: Mapping[str, Any], where: Path | str) -> DesignFile:
    faults = list(contradictions(raw, where))
    try:
        tables = DesignFile.model_validate(raw)
    except ValidationError as error:
        raise InputError([*faults_from(error, where, DesignFile), *faults]) from None
    if faults:
        raise InputError(faults)
    return tables


def _complete(
    tables: DesignFile, *, case_mix: "BaselineTable | None", recovery: "ChosenPopulation | None", origin: Origin
) -> Design:
    """Return the design with everything decided that its file left open."""
    days = tuple(sorted({endpoint.day for endpoint in tables.endpoints}))
    only = len(tables.endpoints) == 1
    decided: dict[str, Any] = {
        "followup": tables.followup or FollowUp(visits=days),
        "randomisation": complete_randomisation(tables.randomisation, len(tables.arms)),
        "endpoints": tuple(
            complete_endpoint(each, tables.population, tables.arms, is_primary=each.primary or only)
            for each in tables.endpoints
        ),
    }
    return Design(**dict(tables) | decided, case_mix=case_mix, recovery=recovery, origin=origin)


def _recovery(tables: DesignFile, beside: Path, where: Callable[[str], str]) -> "ChosenPopulation | None":
    """Return whose natural recovery a design states; None where it states nothing."""
    stated = tables.population.registry, tables.population.registry_data
    if stated == (None, None):
        return None
    from cordwise.population.choice import stated_population  # slow to import, and stated by few designs

    found, faults = stated_population(*stated, beside=beside, where=where)
    if faults:
        raise InputError(faults)
    return found


def _case_mix_name(tables: Mapping[str, Any]) -> object:
    population = tables.get("population")
    return population.get("case_mix") if isinstance(population, Mapping) else None


def _read_case_mix(name: object, beside: Path, where: str) -> "tuple[BaselineTable | None, dict[str, bytes]]":
    """Return the table that a design names beside itself, and the bytes of its file; nothing where it names none."""
    if not isinstance(name, str):
        return None, {}
    # Tables are slow to import, and few designs have one.
    from cordwise.population.case_mix.entry_file import read_case_mix

    found = read_case_mix(name, beside=beside, where=where)
    return found.table, {name: found.data}


def _as_arguments(faults: Iterable[Fault]) -> list[Fault]:
    """Return the faults of changed tables with the places of the arguments that changed them."""
    return [
        Fault(each.where.removeprefix(": "), each.expected, each.found, each.advice, is_argument=True)
        for each in faults
    ]
