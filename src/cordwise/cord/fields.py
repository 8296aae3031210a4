"""The fields of the tissue model, in the order in which they are stored.

Fields are scaled so that 1 is about the peak at the centre of a severe lesion.  `matrix` is carried along as a thirteenth
row but feeds back on nothing: it only slows plastic growth.
"""

FIELDS = (
    "alarmin",
    "debris",
    "neutrophil",
    "inflammatory_macrophage",
    "repair_macrophage",
    "leak",
    "oedema",
    "border",
    "grey",
    "axon",
    "myelin",
    "graft",
    "matrix",
)
(
    ALARMIN,
    DEBRIS,
    NEUTROPHIL,
    INFLAMMATORY,
    REPAIR,
    LEAK,
    OEDEMA,
    BORDER,
    GREY,
    AXON,
    MYELIN,
    GRAFT,
    MATRIX,
) = range(len(FIELDS))

SIGNALS = (ALARMIN, OEDEMA)
TISSUE = tuple(field for field in range(len(FIELDS)) if field not in SIGNALS)

# Rows that stay as the impact left them.
INJURY, EXPOSED_AXONS, NEAR = range(3)
EXTRA_ROWS = 3
