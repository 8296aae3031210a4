"""A whole design, read from its file and checked, and completed with every default."""

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from cordwise.base.errors import InputError
from cordwise.base.toml import faults_from, place, read_toml
from cordwise.patient.file_types import FileTable, Text
from cordwise.trial.design.complete import complete_endpoint, complete_randomisation
from cordwise.trial.design.conduct import Accrual, Assessment, Dropout, FollowUp, IntercurrentEvent, Randomisation, Size
from cordwise.trial.design.endpoints import Endpoint
from cordwise.trial.design.people import Population
from cordwise.trial.design.rules import contradictions
from cordwise.trial.design.stopping import Adaptation, Looks, Safety
from cordwise.trial.design.treatment import DEFAULT_SCENARIO, Arm, Scenario

_MOST_ARMS = 6


class Design(FileTable):
    """A trial, as its file tells it; without a control arm it is a single-arm trial."""

    name: Text
    question: Text
    population: Population
    arms: Annotated[tuple[Arm, ...], Field(min_length=1, max_length=_MOST_ARMS)]
    randomisation: Randomisation = Randomisation()
    size: Size
    accrual: Accrual = Accrual()
    followup: FollowUp | None = None
    endpoints: Annotated[tuple[Endpoint, ...], Field(min_length=1)]
    multiplicity: Literal["dunnett", "bonferroni", "none"] = "dunnett"
    looks: Looks | None = None
    adaptation: Adaptation | None = None
    safety: Safety | None = None
    dropout: Dropout = Dropout()
    intercurrent_events: tuple[IntercurrentEvent, ...] = ()
    assessment: Assessment = Assessment()
    scenarios: Annotated[tuple[Scenario, ...], Field(min_length=1)] = (DEFAULT_SCENARIO,)


def read_design(path: Path) -> Design:
    """Read and check a design file; every fault in it is reported at once.

    Raises
    ------
    InputError
        The file is missing, is not TOML, breaks the schema, contradicts itself, or names a table that is not there.
    """
    design = check_design(read_toml(path), path)
    if design.population.case_mix:
        from cordwise.population.case_mix.entry_file import (
            read_case_mix,  # tables are slow to import, and few designs have one
        )

        read_case_mix(design.population.case_mix, base_directory=path, where=place(path, ("population", "case_mix")))
    return design


def check_design(raw: Mapping[str, Any], path: Path | str) -> Design:
    """Return the design in `raw` tables, or raise every fault in it; `path` opens each fault's place."""
    faults = list(contradictions(raw, path))
    try:
        design = Design.model_validate(raw)
    except ValidationError as error:
        raise InputError([*faults_from(error, path, Design), *faults]) from None
    if faults:
        raise InputError(faults)
    return design


def resolved(design: Design) -> Design:
    """Return the design with everything decided that its file left open."""
    days = tuple(sorted({endpoint.day for endpoint in design.endpoints}))
    only = len(design.endpoints) == 1
    return design.model_copy(
        update={
            "followup": design.followup or FollowUp(visits=days),
            "randomisation": complete_randomisation(design.randomisation, len(design.arms)),
            "endpoints": tuple(
                complete_endpoint(each, design.population, design.arms, is_primary=each.primary or only)
                for each in design.endpoints
            ),
        }
    )
