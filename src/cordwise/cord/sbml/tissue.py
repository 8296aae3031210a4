"""The tissue in the SBML document: the fields of every cell, the exchange between cells, and sums over them."""

from cordwise.cord.engine.lanes import CELLS
from cordwise.cord.equations import DIFFUSIVITIES, NAMES, field_name
from cordwise.cord.forcing import Forcing
from cordwise.cord.impact import share_of_lesion
from cordwise.cord.injury import injury_shape
from cordwise.cord.parameters import TissueParameters
from cordwise.cord.plasticity import growth_rate
from cordwise.cord.sbml.expression import symbol
from cordwise.cord.sbml.trace import cell_formulas, impact_formulas, on_symbols
from cordwise.cord.sbml.writer import DAY, MM, NO_UNIT, Writer

_UNITS = {"node_repair": DAY}  # of the fields that are no pure number


def _drivers() -> Forcing:
    """Return the courses over time by symbol, and the levers at rest."""
    at_rest = Forcing._field_defaults
    return Forcing(**{name: at_rest.get(name, symbol(name)) for name in Forcing._fields})


def write_cell(out: Writer, cell: int, p: TissueParameters) -> None:
    """Write the fields of one cell of the axis, and all that decides them."""
    shape = on_symbols(injury_shape)(symbol(f"centre_{cell}"), symbol("lesion_width"))
    out.constant(f"squeezed_{cell}", str(shape), NO_UNIT, "Share of an outer pressure that weighs on the place.")
    injury = symbol("severity") * symbol(f"squeezed_{cell}")
    out.constant(f"injury_{cell}", str(injury), NO_UNIT, "Injury along the cord.")
    start = impact_formulas(cell, p)
    out.constant(f"exposed_axons_{cell}", start["exposed_axons"], NO_UNIT, "Axons left that later loss can reach.")
    formulas = cell_formulas(cell, _drivers(), p)
    for name, formula in formulas.named.items():
        out.computed(name, formula)
    for name in NAMES:
        production, loss = getattr(formulas.rates, name)
        rate = production - loss * symbol(f"{name}_{cell}")
        words = f"{field_name(name).replace('_', ' ').capitalize()} in cell {cell}."
        out.state(
            f"{name}_{cell}",
            start.get(name, 0.0),
            f"{rate}{_exchange(name, cell, p)}",
            words,
            _UNITS.get(name, NO_UNIT),
        )


def _exchange(name: str, cell: int, p: TissueParameters) -> str:
    """Return what a field that diffuses gains from the two neighbours of a cell; nothing passes the ends."""
    if name not in DIFFUSIVITIES:
        return ""
    pairs = [(one, one + 1) for one in (cell - 1, cell) if 1 <= one < CELLS]
    flows = [f"link_{a}_{b} * ({name}_{b if a == cell else a} - {name}_{cell})" for a, b in pairs]
    return f" + {on_symbols(DIFFUSIVITIES[name])(p)} * ({' + '.join(flows)}) / length_{cell}"


def write_sums(out: Writer, p: TissueParameters) -> None:
    """Write the means over the lesion, the plastic growth and the grey matter lost."""
    edge = symbol("lesion_edge")
    for cell in range(1, CELLS + 1):
        centre, length = abs(symbol(f"centre_{cell}")) / edge, symbol(f"length_{cell}") / edge
        weight = on_symbols(share_of_lesion)(1.0, centre, length) / 2
        out.constant(f"share_in_lesion_{cell}", str(weight), NO_UNIT, "Weight of the cell in means over the lesion.")
    for name, what in (("cell_effect", "effect of the product"), ("matrix", "matrix")):
        terms = " + ".join(f"share_in_lesion_{cell} * {name}_{cell}" for cell in range(1, CELLS + 1))
        out.computed(f"mean_{name}", terms, NO_UNIT, f"Mean {what} over the lesion.")
    by_cells = p.cell_trophic * symbol("mean_cell_effect")
    rate = on_symbols(growth_rate)(symbol("window"), by_cells, symbol("mean_matrix"), 0.0, p)
    out.state("growth", 0.0, str(rate), "Plastic growth so far; it feeds back on nothing.")
    lost = " + ".join(f"length_{cell} * (1 - grey_{cell})" for cell in range(1, CELLS + 1))
    out.computed("grey_lost", lost, MM, "Grey matter lost, as a length of cord.")
