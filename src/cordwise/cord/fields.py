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

# Rows that stay as the impact left them.
INJURY, EXPOSED_AXONS, NEAR = range(3)
EXTRA_ROWS = 3
