"""The experiment file: what an experimenter writes down, as a schema for TOML; times are days from the injury."""

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    AliasChoices,
    BeforeValidator,
    Field,
    StrictBool,
    StrictFloat,
    StrictInt,
    model_validator,
)

from cordwise.cord.parameters import Species
from cordwise.experiment.quantities import Amount, CellCount, Duration, FromInjury, Time
from cordwise.experiment.synonyms import (
    action_as_key,
    age_name,
    as_list,
    cuts_as_list,
    days_list,
    level_text,
    levers_as_list,
    product_name,
    rising,
    route_name,
    severity_as_table,
    severity_name,
    side_name,
    species_name,
    with_hours,
)
from cordwise.patient.file_types import FileTable, KineticsTable, ProductName, RouteName, Text


def _also(*names: str) -> Any:  # noqa: ANN401
    """Return a field that is also known by other names; the first is the one of the reference."""
    return Field(validation_alias=AliasChoices(*names))


Severity = Literal["none", "mild", "moderate", "severe", "transection", "complete"]
SpeciesName = Annotated[Species, BeforeValidator(species_name)]


class CutTable(FileTable):
    """A named part of the cord that is cut, or whose conduction is blocked."""

    part: Annotated[Text, _also("part", "tract", "name", "what")]
    side: Annotated[Literal["left", "right", "both"], BeforeValidator(side_name)] = "both"
    share: Annotated[Annotated[StrictFloat, Field(gt=0, le=1)], _also("share", "amount", "extent")] = 1.0
    day: Annotated[FromInjury, _also("day", "from_day", "at", "on_day")] = 0.0
    kind: Annotated[Literal["cut", "block"], _also("kind", "how", "action")] = "cut"
    level: Annotated[Text | None, BeforeValidator(level_text), _also("level", "segment", "place")] = None

    _synonyms = model_validator(mode="before")(with_hours)


class LesionTable(FileTable):
    """The lesion: how severe, how wide, where, what it cuts, and how long it squeezes the cord."""

    severity: Annotated[Severity | Annotated[StrictFloat, Field(ge=0, le=2)], BeforeValidator(severity_name)] = "severe"
    width_mm: Annotated[StrictFloat, Field(gt=0, le=100)] | None = None
    kind: Annotated[Literal["contusion", "compression", "transection"], _also("kind", "type", "model", "mechanism")] = (
        "contusion"
    )
    level: Text | None = None
    device: Text | None = None
    cuts: Annotated[tuple[CutTable, ...], BeforeValidator(cuts_as_list), _also("cuts", "cut")] = ()
    compression_hours: Annotated[StrictFloat, Field(gt=0, allow_inf_nan=False)] | None = None
    compression_mmhg: Annotated[StrictFloat, Field(ge=0, le=200)] | None = None


class HostTable(FileTable):
    """Who bears the lesion; what is left out is as in the experiment, and there as in a young adult."""

    age: Annotated[Literal["young", "adult", "aged"] | StrictFloat, BeforeValidator(age_name)] | None = None
    age_months: Annotated[StrictFloat, Field(gt=0, le=60)] | None = None
    age_years: Annotated[StrictFloat, Field(gt=0, le=120)] | None = None
    immunosuppressed: Annotated[
        StrictBool | None, _also("immunosuppressed", "immunosuppression", "immune_suppressed")
    ] = None
    spleen_removed: Annotated[
        StrictBool | None, _also("spleen_removed", "splenectomised", "splenectomized", "splenectomy")
    ] = None
    kinetics: KineticsTable = KineticsTable()


class ChangeTable(FileTable):
    """One change: a field, a rate or an input; what is done, how much, and when."""

    target: Annotated[Text | None, _also("target", "on", "what", "name")] = None
    kind: Literal["field", "rate", "input"] | None = None
    field: Text | None = None
    rate: Text | None = None
    input: Text | None = None
    action: Annotated[Text, _also("action", "do", "how")]
    amount: Annotated[Amount | None, _also("amount", "share", "factor", "by", "value", "level", "dose")] = None
    from_day: Annotated[Time, _also("from_day", "from", "start", "start_day", "day", "at")] = 0.0
    to_day: Annotated[Time | None, _also("to_day", "to", "until", "end", "end_day", "stop")] = None
    duration: Annotated[Duration | None, _also("duration", "days", "duration_days", "for")] = None

    _synonyms = model_validator(mode="before")(lambda raw: action_as_key(with_hours(raw)))


class LeverTable(FileTable):
    """A drug or device by name; strength and time stand in the table of levers where they are left out."""

    name: Annotated[Text, _also("name", "lever", "kind", "drug")]
    intensity: Annotated[StrictFloat, Field(ge=0, allow_inf_nan=False), _also("intensity", "strength", "dose")] = 1.0
    hours_a_day: Annotated[Annotated[StrictFloat, Field(ge=0, le=24)] | None, _also("hours_a_day", "hours_per_day")] = (
        None
    )
    mmhg: Annotated[Annotated[StrictFloat, Field(ge=0, le=100)] | None, _also("mmhg", "mmHg", "raised_by_mmhg")] = None
    from_day: Annotated[Time | None, _also("from_day", "from", "start", "start_day", "day", "at")] = None
    to_day: Annotated[Time | None, _also("to_day", "to", "until", "end", "end_day", "stop")] = None
    duration: Annotated[Duration | None, _also("duration", "days", "duration_days", "for")] = None

    _synonyms = model_validator(mode="before")(with_hours)


class DoseTable(FileTable):
    """One dose of cells."""

    day: Annotated[FromInjury, _also("day", "from_day", "at", "at_day")]
    cells: Annotated[CellCount, _also("cells", "dose_cells", "n_cells", "number", "dose")]
    route: Annotated[RouteName, BeforeValidator(route_name)]
    product: Annotated[ProductName, BeforeValidator(product_name)] | None = None

    _synonyms = model_validator(mode="before")(with_hours)


class ConditionTable(FileTable):
    """One condition: what is changed, given and done to its subjects, and what is particular in its hosts."""

    name: Text
    description: Text | None = None
    changes: Annotated[tuple[ChangeTable, ...], BeforeValidator(as_list), _also("changes", "change")] = ()
    doses: Annotated[tuple[DoseTable, ...], BeforeValidator(as_list), _also("doses", "dose")] = ()
    levers: Annotated[tuple[LeverTable, ...], BeforeValidator(levers_as_list), _also("levers", "lever", "drugs")] = ()
    product: Annotated[ProductName, BeforeValidator(product_name)] | None = None
    translation: Annotated[StrictFloat, Field(ge=0, le=1)] | None = None
    host: HostTable = HostTable()
    lesion: Annotated[LesionTable, BeforeValidator(severity_as_table)] | None = None
    transection_day: FromInjury | None = None
    cuts: Annotated[tuple[CutTable, ...], BeforeValidator(cuts_as_list), _also("cuts", "cut")] = ()
    against: Annotated[Text | None, _also("against", "compared_with", "versus")] = None


class ExperimentFile(FileTable):
    """The tables of an experiment file."""

    question: Text | None = None
    name: Annotated[Text | None, _also("name", "title")] = None
    description: Text | None = None
    source: Text | None = None
    species: SpeciesName
    lesion: Annotated[LesionTable, BeforeValidator(severity_as_table), _also("lesion", "injury")] = LesionTable()
    host: HostTable = HostTable()
    conditions: Annotated[
        tuple[ConditionTable, ...],
        Field(min_length=1),
        BeforeValidator(as_list),
        _also("conditions", "condition", "groups"),
    ]
    readout_days: Annotated[
        tuple[Annotated[FromInjury, Field(gt=0)], ...],
        Field(min_length=1),
        BeforeValidator(days_list),
        AfterValidator(rising),
        _also("readout_days", "readout_day", "days", "day"),
    ]
    readouts: tuple[Text, ...] = ()
    against: Annotated[Text | None, _also("against", "compared_with")] = None
    subjects: Annotated[
        Annotated[StrictInt, Field(ge=1, le=5000)] | None,
        _also(
            "subjects",
            "n",
            "n_subjects",
            "number_of_subjects",
            "subjects_per_condition",
            "subjects_per_group",
            "animals",
        ),
    ] = None
    product: Annotated[ProductName, BeforeValidator(product_name)] | None = None
    translation: Annotated[StrictFloat, Field(ge=0, le=1)] | None = None
