"""The atlas of a regimen, and how exactly it was solved, from the user's cache or else simulated and kept there."""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from cordwise.base.codec import to_plain
from cordwise.base.compiling import code_folder
from cordwise.base.kept_arrays import kept_arrays
from cordwise.cord import self_check
from cordwise.cord.atlas import TissueAtlas
from cordwise.cord.parameters import Species, load_parameters
from cordwise.cord.product import Regimen
from cordwise.cord.self_check import StepError, population_step_errors

_ATLAS, _STEP_ERROR = "atlas", "step error"


def kept_atlas(last_day: float, regimen: Regimen | None = None) -> TissueAtlas:
    """Return `TissueAtlas.build` of a regimen in people; the same bits whether it was kept or is simulated now."""
    found = kept_arrays(_key(_ATLAS, regimen, last_day), lambda: _arrays_of(TissueAtlas.build(last_day, regimen)))
    values: dict[str, Any] = {item.name: found[item.name] for item in fields(TissueAtlas)}
    values["plastic_days"] = float(values["plastic_days"])
    return TissueAtlas(**values)


def kept_step_errors(regimens: list[Regimen | None]) -> list[StepError]:
    """Return `population_step_errors` of some regimens, each from the cache or else computed and kept."""
    return [_step_error(each) for each in regimens]


def _step_error(regimen: Regimen | None) -> StepError:
    found = kept_arrays(_key(_STEP_ERROR, regimen), lambda: _arrays_of(*population_step_errors([regimen])))
    return StepError(str(found["preset"]), int(found["steps"]), found["errors"], found["status"])


def kind_of(key: str | None) -> str:
    """Say in words what is kept under a key."""
    try:
        decides = json.loads(key or "")
        what, regimen, code = decides["what"], decides["regimen"], decides["code"]
    except (ValueError, TypeError, KeyError):
        return "not to be read"
    if code != _code():
        return "of another version"
    if what == _STEP_ERROR:
        return "errors of the steps"
    return "tissue with cells" if regimen else "tissue without cells"


def _arrays_of(found: TissueAtlas | StepError) -> dict[str, np.ndarray]:
    return {item.name: np.asarray(getattr(found, item.name)) for item in fields(found)}


def _code() -> str:
    """Return the key of all code that the tissue is simulated with."""
    return code_folder(Path(self_check.__file__)).name


def _key(what: str, regimen: Regimen | None, last_day: float | None = None) -> str:
    """Return all that decides a regimen's tissue: doses, parameters, and the code with its versions and processor."""
    decides = {
        "what": what,
        "regimen": to_plain(regimen) if regimen else None,
        "last_day": last_day,
        "parameters": {name: float(value) for name, value in load_parameters(Species.HUMAN)._asdict().items()},
        "code": _code(),
    }
    return json.dumps(decides, sort_keys=True)
