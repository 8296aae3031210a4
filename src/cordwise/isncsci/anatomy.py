"""Levels, dermatomes and key muscles of the examination, and the numbers they carry in arrays.

A level is a whole number that counts downwards: C1 is 0, S4-5 is 28 and "intact" (INT) is 29, so that "more caudal"
is "greater". Every array of the package is indexed through the tables of this module.
"""

from typing import Final

SIDES: Final = ("right", "left")
LEVELS: Final = (
    *(f"C{number}" for number in range(1, 9)),
    *(f"T{number}" for number in range(1, 13)),
    *(f"L{number}" for number in range(1, 6)),
    *(f"S{number}" for number in range(1, 4)),
    "S4_5",
    "INT",
)
"""All names of a level, rostral to caudal; the place in the tuple is the level's number."""

DERMATOMES: Final = LEVELS[1:-1]
"""The 28 dermatomes of a side; dermatome `i` lies at level `i + FIRST_DERMATOME`."""
MYOTOMES: Final = (*LEVELS[4:9], *LEVELS[21:26])
"""The ten key muscles of a side: C5 to T1, then L2 to S1."""

FIRST_DERMATOME: Final = 1
S4_5: Final = LEVELS.index("S4_5")
INTACT: Final = LEVELS.index("INT")
C4: Final = LEVELS.index("C4")
T1: Final = LEVELS.index("T1")
L1: Final = LEVELS.index("L1")
S1: Final = LEVELS.index("S1")
S3: Final = LEVELS.index("S3")
SACRAL_DERMATOME: Final = DERMATOMES.index("S4_5")

MUSCLES_PER_LIMB: Final = 5
FIRST_LEG_MUSCLE: Final = MUSCLES_PER_LIMB
MUSCLE_LEVELS: Final = tuple(LEVELS.index(name) for name in MYOTOMES)
"""Level of each key muscle, in the order of `MYOTOMES`."""

NORMAL_SENSATION: Final = 2
NORMAL_STRENGTH: Final = 5
ANTIGRAVITY: Final = 3
"""The grade at which a muscle moves through its full range against gravity."""
NOT_APPLICABLE: Final = -1
"""Marks a zone of partial preservation that does not apply; sorts before every level."""
NOT_APPLICABLE_BIT: Final = len(LEVELS)
"""The same mark in a set of zones, where bit i stands for level i."""
NO_MUSCLE: Final = 0
"""Marks an examination without a non-key muscle; C1 has no muscle, so its number is free."""

_ALIASES: Final = {"S45": "S4_5", "S4-5": "S4_5", "S4/5": "S4_5"}


def canonical_level(text: str) -> str:
    """Return the name that `LEVELS` uses for a level written as `S4-5`, `S45`, `C05` or in small letters."""
    name = text.strip().upper()
    name = _ALIASES.get(name, name)
    return name[0] + name[2:] if name[1:2] == "0" else name


def level_index(name: str) -> int:
    """Return the number of a level; raise `ValueError` for a name that is none."""
    return LEVELS.index(canonical_level(name))
