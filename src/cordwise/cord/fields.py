"""The fields of the tissue model, in the order in which they are stored.

Fields are scaled so that 1 is about the peak at the centre of a severe lesion.  `matrix` is carried along as a
thirteenth row but feeds back on nothing: it only slows plastic growth.  The first two fields are signals and diffuse.
"""

FIELDS = (
    "alarmin",
    "oedema",
    "debris",
    "neutrophil",
    "inflammatory_macrophage",
    "repair_macrophage",
    "leak",
    "border",
    "grey",
    "axon",
    "myelin",
    "graft",
    "matrix",
)
(
    ALARMIN,
    OEDEMA,
    DEBRIS,
    NEUTROPHIL,
    INFLAMMATORY,
    REPAIR,
    LEAK,
    BORDER,
    GREY,
    AXON,
    MYELIN,
    GRAFT,
    MATRIX,
) = range(len(FIELDS))
SIGNALS = 2

SHARES = frozenset({"leak", "border", "grey", "axon", "myelin", "matrix"})
"""Fields that are a share of something whole, at most 1: what adds to them fills up what is missing."""

# Rows that stay as the impact left them.
INJURY, EXPOSED_AXONS, AT_RISK, CST_LEFT, OTHER_LEFT, NEAR = range(6)
EXTRA_ROWS = 6
