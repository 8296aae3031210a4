"""The tissue model once more, in plain NumPy, solved by SciPy's LSODA: slow, and written apart from the package's code.

Symbols are those of the model's equations: H alarmin, E oedema, Q debris, N neutrophil, M1 and M2 macrophages, I
microglia, L leak, B border, D vessel damage, V grey, A axon, Z graft, C, O and W hazards of axons by cytokines,
ischaemia and leukocytes, R days of node repair, Y myelin, X matrix.
"""

from itertools import pairwise

import numpy as np
from scipy.integrate import odeint

NAMES = ("H", "E", "Q", "N", "M1", "M2", "I", "L", "B", "D", "V", "A", "Z", "C", "O", "W", "R", "Y", "X")
AT_REST = {
    "cytokine": 1.0, "neutrophils": 1.0, "adhesion": 1.0, "monocytes": 1.0, "protease": 1.0, "swelling": 1.0,
    "border": 1.0, "remyelination": 1.0, "ischaemia": 1.0, "nodes": 1.0, "dura": 1.0, "push": 0.0, "closure": 0.0,
    "microglia_depletion": 0.0, "squeeze": 0.0, "arterial": 0.0, "training": 0.0,
}  # fmt: skip


def second_derivative(field, widths):
    """Return the exchange with both neighbours for unit diffusivity, with no flux through the ends."""
    flux = np.diff(field) / ((widths[1:] + widths[:-1]) / 2)
    return np.diff(np.concatenate([[0.0], flux, [0.0]])) / widths


def hill(z, half):
    return z**2 / (half**2 + z**2)


def product(day, depots):
    """W(t): depots are (day, dose, loss of cells, loss of product)."""
    total = 0.0
    for given, dose, c, k in depots:
        s = max(day - given, 0.0)
        total += dose * k * (np.exp(-c * s) - np.exp(-k * s)) / (k - c)
    return total


def fibres(injury, p):
    """Return the mean share of fibres that the blow leaves."""
    s = injury**p.impact_loss_power
    w = p.cst_weight
    return w * np.maximum(1 - p.impact_cst_loss * s, 0) + (1 - w) * np.maximum(1 - p.impact_other_loss * s, 0)


def derivative(state, day, p, shape, severity, depots=(), foreign=0.0, lever=AT_REST):
    """Return the change a day of each field, spread along the cord left out; state is "cell field"."""
    H, E, Q, N, M1, M2, I, L, B, D, V, A, Z, _C, _O, _W, _R, Y, X = state.T  # noqa: E741
    s = severity * shape
    dose = Z + p.systemic_effect * product(day, depots)
    m = dose / (1 + dose)
    drill = lever["training"] / (lever["training"] + p.training_half_hours)

    # Signals in the tissue
    anti = p.anti_repair * M2 + p.cell_anti * m
    troph = p.trophic_rest + p.trophic_repair * M2 + p.trophic_neutrophil * N + p.cell_trophic * m
    P = p.cytokine_alarmin * hill(H, p.cytokine_alarmin_half) * np.maximum(1 + p.microglia_cytokine * (I - 1), 0)
    P = (P + p.cytokine_neutrophil * N + p.cytokine_macrophage * M1) * p.cytokine_brake_half
    P = lever["cytokine"] * P / (p.cytokine_brake_half + anti)

    # Pressure and flow
    blood = s * np.exp(-day / p.blood_days)
    within = p.pressure_rest + lever["dura"] * p.pressure_stiffness * (E + p.pressure_blood * blood)
    across = p.arterial_pressure + lever["arterial"] - within - lever["squeeze"] * shape
    enough = p.pressure_autoregulated * (1 + p.autoregulation_lost * D)
    flow = (1 - D) * np.clip((across - p.pressure_shut) / (enough - p.pressure_shut), 0, 1)
    dry_white = lever["ischaemia"] * np.maximum(1 - flow / p.white_flow_needed, 0)

    # Loss of grey matter and axons
    harm = hill(p.neutrophil_weight * N + M1, p.leukocyte_half) * (1 - p.border_shield * B)
    kV = p.grey_alarmin_hazard * np.maximum(H - p.alarmin_safe, 0) + p.grey_leukocyte_hazard * harm
    eased = p.trophic_half / (p.trophic_half + troph)
    strain = p.training_strain * drill * hill(H, p.training_strain_half)
    kC = eased * (p.axon_cytokine_hazard * hill(P, p.axon_cytokine_half) + strain)
    kO = eased * p.axon_ischaemia_hazard * dry_white
    kW = eased * p.axon_leukocyte_hazard * harm
    kA = kC + kO + kW
    lost = kV * V + kA * A * np.minimum(p.impact_axons_at_risk * s**0.5, 1) * fibres(s, p)

    # Cells
    delay = p.monocyte_release / p.clock * day
    released = lever["monocytes"] * (1 - (1 + delay) * np.exp(-delay))
    trigger = hill(H + p.phagocyte_debris_weight * Q + p.phagocyte_cytokine_weight * P, p.phagocyte_half)
    trigger = trigger * np.maximum(1 - (M1 + M2) / p.crowding, 0)
    influx = released * p.monocyte_entry * (p.monocyte_leak_floor + L) * trigger
    a = p.turn_to_repair * anti / (p.repair_half + anti) + p.cell_push * m + lever["push"]
    mix = P + p.inflammatory_debris_weight * Q
    b = p.turn_to_inflammatory * mix / (p.inflammatory_half + mix)
    die = p.macrophage_loss * (1 + p.macrophage_debris_death * Q)
    entry = lever["neutrophils"] * (lever["adhesion"] * L + p.neutrophil_blood * blood)
    called = 1 + p.microglia_rise * hill(H + P, p.microglia_half)
    eaten = p.microglia_clearance * I * Q / (p.microglia_meal_half**2 + Q**2)

    # Barrier and scar
    F = N + p.protease_macrophage * M1
    F = lever["protease"] * F / (p.protease_half + F)
    opened = np.minimum(1, p.impact_leak * s)
    closing = p.leak_closure * (1 + p.leak_closure_border * B + p.cell_closure * m + lever["closure"])
    call = hill(P + p.border_debris_weight * Q, p.border_half)
    builders = np.maximum(1 + p.microglia_border * (I - 1), 0) * (1 + p.border_neutrophil * N)

    # Graft and myelin
    z = (day / p.rejection_day) ** p.rejection_power
    kZ = p.graft_loss + p.graft_cytokine_loss * P + foreign * p.graft_rejection * z / (1 + z)
    mend = lever["remyelination"] * p.remyelination / p.clock * troph / (p.remyelination_trophic_half + troph)
    mend = mend / (1 + P / p.remyelination_cytokine_half)
    rates = {
        "H": p.alarmin_per_loss * lost - p.alarmin_loss * H,
        "E": lever["swelling"] * p.oedema_filling * hill(L, p.oedema_leak_half)
        - p.oedema_drainage * (1 + p.oedema_drainage_border * B) * E,
        "Q": p.debris_per_loss * lost - (p.debris_clearance * M2 + eaten) * Q / p.clock,
        "N": (p.neutrophil_entry * entry * hill(H + P, p.neutrophil_half) - p.neutrophil_loss * N) / p.clock,
        "M1": (p.born_inflammatory * influx + b * M2 - a * M1 - die * M1) / p.clock,
        "M2": ((1 - p.born_inflammatory) * influx + a * M1 - b * M2 - p.repair_loss_ratio * die * M2) / p.clock,
        "I": (p.microglia_growth * I * (1 - I / called) - p.microglia_death * H * I) / p.clock
        - lever["microglia_depletion"] * I,
        "L": p.leak_reopening * F * (opened - L) - closing * L,
        "B": (lever["border"] * builders * p.border_growth * call * (1 - B) - p.border_loss * B) / p.clock,
        "D": -p.vessel_healing / p.clock * D,
        "V": -kV * V,
        "A": -kA * A,
        "Z": -kZ * Z,
        "C": kC,
        "O": kO,
        "W": kW,
        "R": lever["nodes"] * (1 + p.cell_nodes * m) / (1 + P / p.node_cytokine_half),
        "Y": mend * (1 - Y) - p.myelin_cytokine_hazard * hill(P, p.axon_cytokine_half) * Y,
        "X": (p.matrix_growth * call * (1 - X) - p.border_loss * X) / p.clock,
    }
    return np.stack([rates[name] + 0 * s for name in NAMES], axis=1)


def right_hand_side(state, day, p, shape, severity, widths, depots, foreign, lever):
    state = state.reshape(-1, len(NAMES))
    change = derivative(state, day, p, shape, severity, depots, foreign, lever)
    change[:, NAMES.index("H")] += p.alarmin_diffusion * second_derivative(state[:, NAMES.index("H")], widths)
    of_water = p.oedema_diffusion * p.length_scale**2
    change[:, NAMES.index("E")] += of_water * second_derivative(state[:, NAMES.index("E")], widths)
    return change.ravel()


def solve(
    severity, width, days, p, centres, widths, *, grafts=(), depots=(), foreign=0.0, levers=None, rtol=1e-8
):  # fmt: skip
    """Return the fields, "day field cell"; grafts are (day, amount, sd in mm), levers act from the start to the end."""
    shape = np.exp(-(centres**2) / (2 * width**2))
    injury = severity * shape
    one = np.ones_like(injury)
    grey = np.maximum(1 - p.impact_grey_loss * injury, 0)
    lost = (1 - grey) + (1 - fibres(injury, p))
    start = dict.fromkeys(NAMES, 0 * one) | dict.fromkeys(("A", "Y", "I"), one)
    start |= {"H": p.impact_alarmin * lost, "Q": p.impact_debris * lost, "V": grey}
    start |= {"L": p.impact_leak_at_once * np.minimum(1, p.impact_leak * injury)}
    start |= {"D": p.impact_vessel_loss * hill(injury, p.impact_vessel_half)}
    state = np.stack([start[name] for name in NAMES], axis=1)
    # The release of monocytes and the product start with a corner, and a graft with a jump: LSODA restarts there.
    corners = sorted({0.0, days[-1], *(g[0] for g in grafts), *(d[0] for d in depots)})
    found = {}
    for start_day, end_day in pairwise(corners):
        for day, amount, sd in grafts:
            if day == start_day:
                state[:, NAMES.index("Z")] += amount * np.exp(-(centres**2) / (2 * sd**2))
        stops = [start_day, *(day for day in days if start_day < day < end_day), end_day]
        width_of_band = len(NAMES)
        course = odeint(
            right_hand_side, state.ravel(), stops,
            args=(p, shape, severity, widths, depots, foreign, AT_REST | (levers or {})),
            ml=width_of_band, mu=width_of_band, rtol=rtol, atol=1e-11, mxstep=100000, hmax=5.0,
        )  # fmt: skip
        found |= {day: values.reshape(-1, len(NAMES)).T for day, values in zip(stops[1:], course[1:], strict=True)}
        state = found[end_day].T.copy()
    return np.stack([found[day] for day in days])
