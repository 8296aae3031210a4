"""The cells of an examination in the order of a code matrix, and their names."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from jaxtyping import Int8
from numpy import ndarray

from cordwise.isncsci.anatomy import DERMATOMES, MYOTOMES, NORMAL_SENSATION, NORMAL_STRENGTH, SIDES
from cordwise.isncsci.recorded import RecordedExams

Kind = Literal["motor", "light_touch", "pin_prick", "finding", "non_key_muscle"]
Family = Literal["motor", "light_touch", "pin_prick"]
FAMILIES: Final[tuple[Family, ...]] = ("motor", "light_touch", "pin_prick")
LEVELS_OF_FAMILY: Final = {"motor": MYOTOMES, "light_touch": DERMATOMES, "pin_prick": DERMATOMES}
TOP_SCORES: Final = {"motor": NORMAL_STRENGTH, "light_touch": NORMAL_SENSATION, "pin_prick": NORMAL_SENSATION}
NON_KEY_FIELD: Final = "lowest_non_key_muscle"
FINDINGS: Final = {"vac": "voluntary anal contraction", "dap": "deep anal pressure"}
_LONG_NAMES: Final = {"motor": "{} key muscle, {} side", "light_touch": "light touch at {}, {} side"} | {
    "pin_prick": "pin prick at {}, {} side"
}


@dataclass(frozen=True, slots=True)
class Cell:
    """One place of the worksheet: its kind and the keys that lead to it in a nested record."""

    kind: Kind
    keys: tuple[str, ...]

    @property
    def column(self) -> str:
        """The name of the cell in a wide table."""
        return "_".join(self.keys)

    @property
    def path(self) -> str:
        """The name of the cell in a nested record."""
        return ".".join(self.keys)

    @property
    def long_name(self) -> str:
        """The name of the cell in words."""
        if self.kind == "finding":
            return FINDINGS[self.keys[0]]
        if self.kind == "non_key_muscle":
            return f"lowest non-key muscle, {self.keys[0]} side"
        side, _, level = self.keys
        return _LONG_NAMES[self.kind].format(level.replace("_", "-"), side)


CELLS: Final = (
    *(Cell(kind, (side, kind, level)) for kind in FAMILIES for side in SIDES for level in LEVELS_OF_FAMILY[kind]),
    *(Cell("finding", (name,)) for name in FINDINGS),
    *(Cell("non_key_muscle", (side, NON_KEY_FIELD)) for side in SIDES),
)
"""All cells of an examination, in the order of the code matrix."""

KINDS: Final[tuple[Kind, ...]] = (*FAMILIES, "finding", "non_key_muscle")
CELLS_OF_KIND: Final[dict[Kind, ndarray]] = {
    kind: np.array([number for number, cell in enumerate(CELLS) if cell.kind == kind]) for kind in KINDS
}
"""Places in the code matrix of each kind of cell."""


def exams_of(codes: Int8[ndarray, "exam cell"]) -> RecordedExams:
    """Return the batch whose cells, in the order of `CELLS`, hold these codes."""
    count = len(codes)
    scores = [
        np.ascontiguousarray(codes[:, CELLS_OF_KIND[kind][0] : CELLS_OF_KIND[kind][-1] + 1]).reshape(
            count, len(SIDES), len(LEVELS_OF_FAMILY[kind])
        )
        for kind in FAMILIES
    ]
    vac, dap = (np.ascontiguousarray(codes[:, place]) for place in CELLS_OF_KIND["finding"])
    return RecordedExams(*scores, vac, dap, np.ascontiguousarray(codes[:, CELLS_OF_KIND["non_key_muscle"]]))


def codes_of(exams: RecordedExams) -> Int8[ndarray, "exam cell"]:
    """Return the codes of a batch, cells in the order of `CELLS`."""
    count = len(exams)
    scores = [getattr(exams, kind).reshape(count, len(CELLS_OF_KIND[kind])) for kind in FAMILIES]
    findings = [exams.voluntary_anal_contraction[:, None], exams.deep_anal_pressure[:, None]]
    return np.concatenate([*scores, *findings, exams.lowest_non_key_muscle], axis=1)
