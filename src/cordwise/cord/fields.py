"""The fields of the tissue model, in the order in which they are stored.

Fields are scaled so that 1 is about the peak at the centre of a severe lesion; microglia are 1 at rest.  The last six
feed back on nothing: losses of axons by cause, days of node repair, myelin and matrix.  The first two fields are
signals and diffuse.
"""

FIELDS = (
    "alarmin",
    "oedema",
    "debris",
    "neutrophil",
    "inflammatory_macrophage",
    "repair_macrophage",
    "microglia",
    "leak",
    "border",
    "vessel_damage",
    "grey",
    "axon",
    "graft",
    "lost_to_inflammation",
    "lost_to_ischaemia",
    "lost_to_leukocytes",
    "node_repair",
    "myelin",
    "matrix",
)
(
    ALARMIN,
    OEDEMA,
    DEBRIS,
    NEUTROPHIL,
    INFLAMMATORY,
    REPAIR,
    MICROGLIA,
    LEAK,
    BORDER,
    VESSEL,
    GREY,
    AXON,
    GRAFT,
    BY_INFLAMMATION,
    BY_ISCHAEMIA,
    BY_LEUKOCYTES,
    NODES,
    MYELIN,
    MATRIX,
) = range(len(FIELDS))
SIGNALS = 2

SHARES = frozenset({"leak", "border", "vessel_damage", "grey", "axon", "myelin", "matrix"})
"""Fields that are a share of something whole, at most 1: what adds to them fills up what is missing."""

# Rows that stay as the impact left them.
INJURY, SQUEEZED, EXPOSED_AXONS, AT_RISK, CST_LEFT, OTHER_LEFT, NEAR = range(7)
EXTRA_ROWS = 7
