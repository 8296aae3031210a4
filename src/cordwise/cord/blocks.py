"""The tissue model as the engine wants it: functions on blocks of 16 patients (layout in `engine/lanes.py`)."""

from pathlib import Path

from cordwise.cord.engine.compiled import part, scalar, sources_digest
from cordwise.cord.engine.lanes import CELLS, LANES, ROW
from cordwise.cord.engine.march import Model, make_march
from cordwise.cord.fields import (
    ALARMIN,
    AXON,
    BORDER,
    DEBRIS,
    EXPOSED_AXONS,
    EXTRA_ROWS,
    FIELDS,
    GRAFT,
    GREY,
    INFLAMMATORY,
    INJURY,
    LEAK,
    MATRIX,
    MYELIN,
    NEAR,
    NEUTROPHIL,
    OEDEMA,
    REPAIR,
    SIGNALS,
    TISSUE,
)
from cordwise.cord.forcing import Forcing
from cordwise.cord.graft import cell_effect
from cordwise.cord.injury import axons_at_risk, fibres_left, grey_left, impact_leak, injury_shape, lesion_edge, mean_fibres_left
from cordwise.cord.kinetics import State, kinetics
from cordwise.cord.plasticity import growth_rate
from cordwise.cord.response import above
from cordwise.cord.tracts import axons_kept

# What is kept of a patient at a visit.
SPARED, KEPT, LEAST_MYELIN, GROWTH, GROWTH_RATE, GREY_LOST = range(6)
QUANTITIES = 6


@part
def start(block, state, extra, inputs, centres, widths, p):  # noqa: ANN001, ANN201
    """Set the fields just after the impact; `inputs` holds severity and width (mm) of each patient."""
    for cell in range(CELLS):
        for lane in range(LANES):
            i = cell * LANES + lane
            injury = inputs[0, lane] * injury_shape(centres[cell], inputs[1, lane])
            block[extra + INJURY * ROW + i] = injury
            block[extra + EXPOSED_AXONS * ROW + i] = axons_at_risk(injury, p) * mean_fibres_left(injury, p)
            block[state + ALARMIN * ROW + i] = p.impact_alarmin * injury
            block[state + DEBRIS * ROW + i] = injury
            block[state + LEAK * ROW + i] = impact_leak(injury, p)
            block[state + GREY * ROW + i] = grey_left(injury, p)
            block[state + AXON * ROW + i] = 1.0
            block[state + MYELIN * ROW + i] = 1.0
    weigh_lesion(block, extra + NEAR * ROW, inputs, centres, widths, p)


@part
def weigh_lesion(block, near, inputs, centres, widths, p):  # noqa: ANN001, ANN201
    """Set the weights, of sum 1, with which matrix and trophic mix are averaged over the lesion."""
    for lane in range(LANES):
        edge = lesion_edge(inputs[1, lane], p)
        for cell in range(CELLS):
            inner = abs(centres[cell]) - widths[cell] / 2
            block[near + cell * LANES + lane] = min(above(edge, inner), widths[cell]) / (2 * edge)


@scalar
def state_at(block, first):  # noqa: ANN001, ANN201
    """Return the fields that the kinetics read, of one cell of one patient."""
    return State(
        alarmin=block[first + ALARMIN * ROW],
        debris=block[first + DEBRIS * ROW],
        neutrophil=block[first + NEUTROPHIL * ROW],
        inflammatory=block[first + INFLAMMATORY * ROW],
        repair=block[first + REPAIR * ROW],
        leak=block[first + LEAK * ROW],
        oedema=block[first + OEDEMA * ROW],
        border=block[first + BORDER * ROW],
        grey=block[first + GREY * ROW],
        axon=block[first + AXON * ROW],
        graft=block[first + GRAFT * ROW],
    )


@scalar
def drivers(f):  # noqa: ANN001, ANN201
    """Return a row of the forcing courses by name."""
    return Forcing(f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7], f[8], f[9], f[10], f[11], f[12])


@scalar
def keep(block, production, loss, pair):  # noqa: ANN001, ANN201
    """Write production and loss of one field of one cell of one patient."""
    block[production] = pair[0]
    block[loss] = pair[1]


@part
def rates(block, state, production, loss, extra, forcing, p):  # noqa: ANN001, ANN201
    """Write production and loss of every field."""
    f = drivers(forcing)
    for i in range(ROW):
        made = kinetics(state_at(block, state + i), block[extra + EXPOSED_AXONS * ROW + i], f, p)
        gain, drop = production + i, loss + i
        keep(block, gain + ALARMIN * ROW, drop + ALARMIN * ROW, made.alarmin)
        keep(block, gain + DEBRIS * ROW, drop + DEBRIS * ROW, made.debris)
        keep(block, gain + NEUTROPHIL * ROW, drop + NEUTROPHIL * ROW, made.neutrophil)
        keep(block, gain + INFLAMMATORY * ROW, drop + INFLAMMATORY * ROW, made.inflammatory)
        keep(block, gain + REPAIR * ROW, drop + REPAIR * ROW, made.repair)
        keep(block, gain + LEAK * ROW, drop + LEAK * ROW, made.leak)
        keep(block, gain + OEDEMA * ROW, drop + OEDEMA * ROW, made.oedema)
        keep(block, gain + BORDER * ROW, drop + BORDER * ROW, made.border)
        keep(block, gain + GREY * ROW, drop + GREY * ROW, made.grey)
        keep(block, gain + AXON * ROW, drop + AXON * ROW, made.axon)
        keep(block, gain + MYELIN * ROW, drop + MYELIN * ROW, made.myelin)
        keep(block, gain + GRAFT * ROW, drop + GRAFT * ROW, made.graft)
        keep(block, gain + MATRIX * ROW, drop + MATRIX * ROW, made.matrix)


@part
def signal_rates(block, state, production, loss, extra, forcing, p):  # noqa: ANN001, ANN201
    """Write production and loss of the signals only; the compiler leaves out what they do not need."""
    f = drivers(forcing)
    for i in range(ROW):
        made = kinetics(state_at(block, state + i), block[extra + EXPOSED_AXONS * ROW + i], f, p)
        keep(block, production + i + ALARMIN * ROW, loss + i + ALARMIN * ROW, made.alarmin)
        keep(block, production + i + OEDEMA * ROW, loss + i + OEDEMA * ROW, made.oedema)


@part
def growth_rates(block, state, extra, forcing, p, out, work, lanes):  # noqa: ANN001, ANN201
    """Write the rate of plastic growth of each patient, from the matrix and trophic mix averaged over the lesion."""
    f = drivers(forcing)
    trophic, matrix = work, work + LANES
    for lane in range(min(lanes, LANES)):
        block[trophic + lane] = 0.0
        block[matrix + lane] = 0.0
    for cell in range(CELLS):
        for lane in range(min(lanes, LANES)):
            i = cell * LANES + lane
            near = block[extra + NEAR * ROW + i]
            block[trophic + lane] += near * cell_effect(block[state + GRAFT * ROW + i], f.exposure, p)
            block[matrix + lane] += near * block[state + MATRIX * ROW + i]
    for lane in range(min(lanes, LANES)):
        by_cells = p.cell_trophic * block[trophic + lane]
        block[out + lane] = growth_rate(f.window, by_cells, f.matrix * block[matrix + lane], p)


@part
def read(block, state, extra, growth, growth_rate_now, widths, p, out):  # noqa: ANN001, ANN201
    """Write what is kept of each patient at a visit; a fibre is spared when it is so at the worst place on its way."""
    for lane in range(LANES):
        cst, other, kept, myelin, grey_lost = 1.0, 1.0, 1.0, 1.0, 0.0
        for cell in range(CELLS):
            i = cell * LANES + lane
            injury = block[extra + INJURY * ROW + i]
            here = axons_kept(block[state + AXON * ROW + i], axons_at_risk(injury, p))
            cst = min(cst, here * fibres_left(injury, p.impact_cst_loss, p))
            other = min(other, here * fibres_left(injury, p.impact_other_loss, p))
            kept = min(kept, here)
            myelin = min(myelin, block[state + MYELIN * ROW + i])
            grey_lost += widths[cell] * (1 - block[state + GREY * ROW + i])
        out[SPARED, lane] = p.cst_weight * cst + (1 - p.cst_weight) * other
        out[KEPT, lane] = kept
        out[LEAST_MYELIN, lane] = myelin
        out[GROWTH, lane] = block[growth + lane]
        out[GROWTH_RATE, lane] = block[growth_rate_now + lane]
        out[GREY_LOST, lane] = grey_lost


def _digest() -> str:
    here = Path(__file__).parent
    mechanisms = "injury response inflammation barrier scar tracts myelin plasticity graft kinetics forcing fields blocks"
    engine = "lanes compiled scheme march"
    return sources_digest(
        [*(here / f"{name}.py" for name in [*mechanisms.split(), "parameters"])]
        + [here / "engine" / f"{name}.py" for name in engine.split()]
    )


march = make_march(
    Model(
        fields=len(FIELDS),
        extra_rows=EXTRA_ROWS,
        tissue=TISSUE,
        signals=SIGNALS,
        jump_field=GRAFT,
        start=start,
        rates=rates,
        signal_rates=signal_rates,
        integrand=growth_rates,
        read=read,
        digest=_digest(),
    )
)
