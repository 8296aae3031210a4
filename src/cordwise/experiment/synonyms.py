"""Synonyms an experiment file may use: they become the words of the reference before they are checked."""

from collections.abc import Mapping
from typing import Any

from cordwise.experiment.tables import plain
from cordwise.experiment.targets import find_action

_HOURS_A_DAY = 24
_ROUTES = {
    "intravenous": ("iv", "i_v", "vein", "systemic", "intravenously"),
    "intrathecal": ("it", "i_t", "csf", "lumbar", "cisterna_magna", "intracisternal", "intraventricular", "subdural"),
    "intralesional": ("lesion", "intraspinal", "intraparenchymal", "intramedullary", "local", "graft", "epicentre"),
}
_PRODUCTS = {
    "allogeneic_msc": ("msc", "mscs", "bmsc", "marrow_stromal_cells", "mesenchymal_stromal_cells"),
    "autologous_msc": ("own_msc", "autologous", "syngeneic_msc"),
    "neural_progenitors": (
        "nsc",
        "nscs",
        "npc",
        "npcs",
        "nspc",
        "neural_stem_cells",
        "neural_progenitor",
        "neural_stem_cell",
    ),
}
_SPECIES = {
    "rodent": ("rat", "rats", "mouse", "mice", "murine", "animal", "rodents"),
    "human": ("people", "person", "patient", "patients", "humans", "man"),
}
_SEVERITIES = {"none": ("uninjured", "intact", "sham", "naive", "no_injury")}
_SIDES = {"left": ("l",), "right": ("r",), "both": ("bilateral", "both_sides")}
_AGES = {"aged": ("old", "elderly", "senescent"), "young": ("juvenile",), "adult": ("young_adult",)}


def species_name(value: object) -> object:
    """Return the species of a name such as rat."""
    return _known(value, _SPECIES)


def route_name(value: object) -> object:
    """Return the route of a name such as iv."""
    return _known(value, _ROUTES)


def product_name(value: object) -> object:
    """Return the product of a name such as NSC."""
    return _known(value, _PRODUCTS)


def age_name(value: object) -> object:
    """Return the age of a word such as old."""
    return _known(value, _AGES)


def severity_name(value: object) -> object:
    """Return the severity of a word such as sham."""
    return _known(value, _SEVERITIES)


def side_name(value: object) -> object:
    """Return the side of a word such as bilateral."""
    return _known(value, _SIDES)


def level_text(value: object) -> object:
    """Return a level that is a number as text, and a segment in capitals."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value:g}"
    return value.strip().upper() if isinstance(value, str) else value


def cuts_as_list(value: object) -> object:
    """Return cuts as a list of tables, from one name, one table or a list of both."""
    listed = [value] if isinstance(value, str | Mapping) else value
    return (
        [{"part": each} if isinstance(each, str) else each for each in listed] if isinstance(listed, list) else listed
    )


def _known(value: object, names: Mapping[str, tuple[str, ...]]) -> object:
    if not isinstance(value, str):
        return value
    said = plain(value)
    return next((name for name, others in names.items() if said == name or said in others), said)


def as_list(value: object) -> object:
    """Return one table as a list of one."""
    return [value] if isinstance(value, Mapping) else value


def days_list(value: object) -> object:
    """Return one day as a list of one."""
    return value if isinstance(value, list | tuple) else [value]


def rising(days: tuple[float, ...]) -> tuple[float, ...]:
    """Return days in rising order, each once."""
    return tuple(sorted(set(days)))


def severity_as_table(value: object) -> object:
    """Return a lesion that is only a word or a number, as its table."""
    return value if isinstance(value, Mapping) or hasattr(value, "model_fields") else {"severity": value}


def levers_as_list(value: object) -> object:
    """Return levers as a list of tables, from names, a table of tables, or one table."""
    if isinstance(value, str):
        return [{"name": value}]
    if isinstance(value, Mapping) and not {"name", "lever", "drug"} & set(value):
        return [{"name": name, **_settings(each)} for name, each in value.items() if each is not False]
    if isinstance(value, list | tuple):
        return [{"name": each} if isinstance(each, str) else each for each in value]
    return as_list(value)


def _settings(value: object) -> dict[str, Any]:
    if isinstance(value, Mapping):
        return {str(key): each for key, each in value.items()}
    return {} if value is True else {"intensity": value}


def with_hours(raw: object) -> object:
    """Return a table whose hours (`hour`, `from_hour`, `to_hour`, `hours`) are written as days."""
    if not isinstance(raw, Mapping):
        return raw
    names = {"hour": "day", "from_hour": "from_day", "start_hour": "from_day", "to_hour": "to_day",
             "end_hour": "to_day", "hours": "duration", "duration_hours": "duration"}  # fmt: skip
    written = dict(raw)
    for key in names:
        if key in written and names[key] not in written:  # said in both, the hours stay and are a mistake
            written[names[key]] = _of_hours(written.pop(key))
    return written


def _of_hours(value: object) -> object:
    """Return hours as days; a time in words, such as "6 h", has a unit of its own."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value / _HOURS_A_DAY if is_number else value


def action_as_key(raw: object) -> object:
    """Return a change written as `deplete = "macrophages"` with its action and target apart."""
    if not isinstance(raw, Mapping) or {"action", "do", "how"} & set(raw):
        return raw
    said = [key for key in raw if find_action(key) is not None]
    if len(said) != 1:
        return raw
    rest = {key: each for key, each in raw.items() if key != said[0]}
    return {**rest, "action": said[0], "target": raw[said[0]]}
