"""The tissue model as the engine wants it: functions on blocks of 16 patients (layout in `engine/lanes.py`)."""

from collections.abc import Callable
from pathlib import Path

from numba import njit
from numpy import ndarray

from cordwise.cord.engine.compiled import part, scalar, sources_digest
from cordwise.cord.engine.lanes import CELLS, LANES, ROW, STRIDE
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
)
from cordwise.cord.forcing import Forcing
from cordwise.cord.graft import cell_effect
from cordwise.cord.injury import (
    axons_at_risk,
    fibres_left,
    grey_left,
    impact_leak,
    injury_shape,
    lesion_edge,
    mean_fibres_left,
)
from cordwise.cord.kinetics import State, cytokine_of, kinetics
from cordwise.cord.parameters import TissueParameters
from cordwise.cord.plasticity import growth_rate
from cordwise.cord.response import above
from cordwise.cord.tracts import axons_kept

# What is kept of a patient at a visit.
SPARED, KEPT, LEAST_MYELIN, GROWTH, GROWTH_RATE, GREY_LOST = range(6)
QUANTITIES = 6


@part
def start(
    block: ndarray, state: int, extra: int, inputs: ndarray, centres: ndarray, widths: ndarray, p: TissueParameters
) -> None:
    """Set the fields just after the impact; `inputs` holds severity and width (mm) of each patient."""
    for cell in range(CELLS):
        for lane in range(LANES):
            i = cell * LANES + lane
            injury = inputs[0, lane] * injury_shape(centres[cell], inputs[1, lane])
            block[extra + INJURY * STRIDE + i] = injury
            block[extra + EXPOSED_AXONS * STRIDE + i] = axons_at_risk(injury, p) * mean_fibres_left(injury, p)
            block[state + ALARMIN * STRIDE + i] = p.impact_alarmin * injury
            block[state + DEBRIS * STRIDE + i] = injury
            block[state + LEAK * STRIDE + i] = impact_leak(injury, p)
            block[state + GREY * STRIDE + i] = grey_left(injury, p)
            block[state + AXON * STRIDE + i] = 1.0
            block[state + MYELIN * STRIDE + i] = 1.0
    weigh_lesion(block, extra + NEAR * STRIDE, inputs, centres, widths, p)


@part
def weigh_lesion(
    block: ndarray, near: int, inputs: ndarray, centres: ndarray, widths: ndarray, p: TissueParameters
) -> None:
    """Set the weights, of sum 1, with which matrix and trophic mix are averaged over the lesion."""
    for lane in range(LANES):
        edge = lesion_edge(inputs[1, lane], p)
        for cell in range(CELLS):
            inner = abs(centres[cell]) - widths[cell] / 2
            block[near + cell * LANES + lane] = min(above(edge, inner), widths[cell]) / (2 * edge)


@scalar
def state_at(block: ndarray, first: int) -> State:
    """Return the fields that the kinetics read, of one cell of one patient."""
    return State(
        alarmin=block[first + ALARMIN * STRIDE],
        debris=block[first + DEBRIS * STRIDE],
        neutrophil=block[first + NEUTROPHIL * STRIDE],
        inflammatory=block[first + INFLAMMATORY * STRIDE],
        repair=block[first + REPAIR * STRIDE],
        leak=block[first + LEAK * STRIDE],
        oedema=block[first + OEDEMA * STRIDE],
        border=block[first + BORDER * STRIDE],
        grey=block[first + GREY * STRIDE],
        axon=block[first + AXON * STRIDE],
        graft=block[first + GRAFT * STRIDE],
    )


@scalar
def drivers(f: ndarray) -> Forcing:
    """Return a row of the forcing courses by name."""
    return Forcing(f[0], f[1], f[2], f[3], f[4], f[5], f[6], f[7], f[8], f[9], f[10], f[11], f[12])


@scalar
def keep(block: ndarray, production: int, loss: int, pair: tuple[float, float]) -> None:
    """Write production and loss of one field of one cell of one patient."""
    block[production] = pair[0]
    block[loss] = pair[1]


@part
def rates(
    block: ndarray, state: int, production: int, loss: int, extra: int, forcing: ndarray, p: TissueParameters
) -> None:
    """Write production and loss of every field."""
    f = drivers(forcing)
    for i in range(ROW):
        made = kinetics(state_at(block, state + i), block[extra + EXPOSED_AXONS * STRIDE + i], f, p)
        gain, drop = production + i, loss + i
        keep(block, gain + ALARMIN * STRIDE, drop + ALARMIN * STRIDE, made.alarmin)
        keep(block, gain + DEBRIS * STRIDE, drop + DEBRIS * STRIDE, made.debris)
        keep(block, gain + NEUTROPHIL * STRIDE, drop + NEUTROPHIL * STRIDE, made.neutrophil)
        keep(block, gain + INFLAMMATORY * STRIDE, drop + INFLAMMATORY * STRIDE, made.inflammatory)
        keep(block, gain + REPAIR * STRIDE, drop + REPAIR * STRIDE, made.repair)
        keep(block, gain + LEAK * STRIDE, drop + LEAK * STRIDE, made.leak)
        keep(block, gain + OEDEMA * STRIDE, drop + OEDEMA * STRIDE, made.oedema)
        keep(block, gain + BORDER * STRIDE, drop + BORDER * STRIDE, made.border)
        keep(block, gain + GREY * STRIDE, drop + GREY * STRIDE, made.grey)
        keep(block, gain + AXON * STRIDE, drop + AXON * STRIDE, made.axon)
        keep(block, gain + MYELIN * STRIDE, drop + MYELIN * STRIDE, made.myelin)
        keep(block, gain + GRAFT * STRIDE, drop + GRAFT * STRIDE, made.graft)
        keep(block, gain + MATRIX * STRIDE, drop + MATRIX * STRIDE, made.matrix)


@part
def signal_rates(
    block: ndarray, state: int, production: int, loss: int, extra: int, forcing: ndarray, p: TissueParameters
) -> None:
    """Write production and loss of the signals only; the compiler leaves out what they do not need."""
    f = drivers(forcing)
    for i in range(ROW):
        made = kinetics(state_at(block, state + i), block[extra + EXPOSED_AXONS * STRIDE + i], f, p)
        keep(block, production + i + ALARMIN * STRIDE, loss + i + ALARMIN * STRIDE, made.alarmin)
        keep(block, production + i + OEDEMA * STRIDE, loss + i + OEDEMA * STRIDE, made.oedema)


@part
def growth_rates(
    block: ndarray, state: int, extra: int, forcing: ndarray, p: TissueParameters, out: int, work: int, lanes: int
) -> None:
    """Write the rate of plastic growth of each patient, from the matrix and trophic mix averaged over the lesion."""
    f = drivers(forcing)
    trophic, matrix = work, work + LANES
    for lane in range(min(lanes, LANES)):
        block[trophic + lane] = 0.0
        block[matrix + lane] = 0.0
    for cell in range(CELLS):
        for lane in range(min(lanes, LANES)):
            i = cell * LANES + lane
            near = block[extra + NEAR * STRIDE + i]
            block[trophic + lane] += near * cell_effect(block[state + GRAFT * STRIDE + i], f.exposure, p)
            block[matrix + lane] += near * block[state + MATRIX * STRIDE + i]
    for lane in range(min(lanes, LANES)):
        by_cells = p.cell_trophic * block[trophic + lane]
        block[out + lane] = growth_rate(f.window, by_cells, f.matrix * block[matrix + lane], p)


@part
def read(
    block: ndarray,
    state: int,
    extra: int,
    growth: int,
    growth_rate_now: int,
    widths: ndarray,
    p: TissueParameters,
    out: ndarray,
) -> None:
    """Write what is kept of each patient at a visit; a fibre is spared when it is so at the worst place on its way."""
    for lane in range(LANES):
        cst, other, kept, myelin, grey_lost = 1.0, 1.0, 1.0, 1.0, 0.0
        for cell in range(CELLS):
            i = cell * LANES + lane
            injury = block[extra + INJURY * STRIDE + i]
            here = axons_kept(block[state + AXON * STRIDE + i], axons_at_risk(injury, p))
            cst = min(cst, here * fibres_left(injury, p.impact_cst_loss, p))
            other = min(other, here * fibres_left(injury, p.impact_other_loss, p))
            kept = min(kept, here)
            myelin = min(myelin, block[state + MYELIN * STRIDE + i])
            grey_lost += widths[cell] * (1 - block[state + GREY * STRIDE + i])
        out[SPARED, lane] = p.cst_weight * cst + (1 - p.cst_weight) * other
        out[KEPT, lane] = kept
        out[LEAST_MYELIN, lane] = myelin
        out[GROWTH, lane] = block[growth + lane]
        out[GROWTH_RATE, lane] = block[growth_rate_now + lane]
        out[GREY_LOST, lane] = grey_lost


_MECHANISMS = "injury response inflammation barrier scar tracts myelin plasticity graft kinetics"
_INTERFACE = "parameters forcing fields blocks engine/lanes engine/compiled engine/scheme engine/march"


def _digest() -> str:
    here = Path(__file__).parent
    return sources_digest(here / f"{name}.py" for name in (*_MECHANISMS.split(), *_INTERFACE.split()))


def _make_cytokine_course(digest: str) -> Callable[..., None]:
    """Return the compiled cytokine mix of a history; the digest makes the compile cache notice changed kinetics."""

    @njit(cache=True, error_model="numpy")
    def cytokine_course(fields: ndarray, forcing: ndarray, p: TissueParameters, out: ndarray) -> None:
        _ = digest
        for time in range(out.shape[0]):
            f = drivers(forcing[time])
            for cell in range(out.shape[1]):
                here = fields[time, :, cell]
                y = State(here[ALARMIN], here[DEBRIS], here[NEUTROPHIL], here[INFLAMMATORY], here[REPAIR], here[LEAK],
                          here[OEDEMA], here[BORDER], here[GREY], here[AXON], here[GRAFT])  # fmt: skip
                out[time, cell] = cytokine_of(y, f, p)

    return cytokine_course


cytokine_course = _make_cytokine_course(_digest())
march = make_march(
    Model(
        fields=len(FIELDS),
        extra_rows=EXTRA_ROWS,
        jump_field=GRAFT,
        start=start,
        rates=rates,
        signal_rates=signal_rates,
        integrand=growth_rates,
        read=read,
        digest=_digest(),
    )
)
