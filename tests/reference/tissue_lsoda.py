"""The tissue model once more, in plain NumPy, solved by SciPy's LSODA: slow, and written apart from the package's code.

Symbols are those of the model's equations: H alarmin, Q debris, N neutrophil, M1 and M2 macrophages, L leak, E oedema,
B border, V grey, A axon, Y myelin, Z graft, X matrix.
"""

from itertools import pairwise

import numpy as np
from scipy.integrate import odeint

NAMES = ("H", "Q", "N", "M1", "M2", "L", "E", "B", "V", "A", "Y", "Z", "X")


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


def right_hand_side(state, day, p, injury, widths, depots, foreign):
    H, Q, N, M1, M2, L, E, B, V, A, Y, Z, X = state.reshape(-1, len(NAMES)).T
    U = Z + p.systemic_effect * product(day, depots)
    m = U / (1 + U)
    anti = p.anti_repair * M2 + p.cell_anti * m
    troph = p.trophic_rest + p.trophic_repair * M2 + p.cell_trophic * m
    P = p.cytokine_alarmin * hill(H, p.cytokine_alarmin_half) + p.cytokine_neutrophil * N + p.cytokine_macrophage * M1
    P = P / (1 + anti / p.cytokine_brake_half)
    bare = M1**2 * (1 - p.border_shield * B)
    kV = p.grey_alarmin_hazard * np.maximum(H - p.alarmin_safe, 0) + p.grey_macrophage_hazard * bare
    kA = p.axon_cytokine_hazard * hill(P, p.axon_cytokine_half) + p.axon_oedema_hazard * np.maximum(
        E - p.oedema_safe, 0
    )
    kA = (kA + p.axon_macrophage_hazard * bare) / (1 + troph / p.trophic_half)
    kY = p.myelin_cytokine_hazard * hill(P, p.axon_cytokine_half)
    risk = np.minimum(p.impact_axons_at_risk * injury**0.5, 1)
    cut = (p.impact_cst_loss + p.impact_other_loss) / 2 * injury**p.impact_loss_power
    intact = np.maximum(1 - cut, 0)
    lost = kV * V + kA * A * risk * intact

    delay = p.monocyte_release / p.clock * day
    released = 1 - (1 + delay) * np.exp(-delay)
    trigger = hill(H + p.phagocyte_debris_weight * Q + p.phagocyte_cytokine_weight * P, p.phagocyte_half)
    trigger = trigger * np.maximum(1 - (M1 + M2) / p.crowding, 0)
    influx = released * p.monocyte_entry * (p.monocyte_leak_floor + L) * trigger
    a = p.turn_to_repair * anti / (p.repair_half + anti) + p.cell_push * m
    mix = P + p.inflammatory_debris_weight * Q
    b = p.turn_to_inflammatory * mix / (p.inflammatory_half + mix)
    call = hill(P + p.border_debris_weight * Q, p.border_half)
    z = (day / p.rejection_day) ** p.rejection_power
    kZ = p.graft_loss + p.graft_cytokine_loss * P + foreign * p.graft_rejection * z / (1 + z)
    mend = p.remyelination / p.clock * troph / (p.remyelination_trophic_half + troph)
    mend = mend / (1 + P / p.remyelination_cytokine_half)
    D_E = p.oedema_diffusion * p.length_scale**2
    rates = (
        p.alarmin_diffusion * second_derivative(H, widths) + p.alarmin_per_loss * lost - p.alarmin_loss * H,
        p.debris_per_loss * lost - p.debris_clearance * M2 * Q / p.clock,
        (p.neutrophil_entry * L * hill(H + P, p.neutrophil_half) - p.neutrophil_loss * N) / p.clock,
        (p.born_inflammatory * influx + b * M2 - a * M1 - p.macrophage_loss * M1) / p.clock,
        ((1 - p.born_inflammatory) * influx + a * M1 - b * M2 - p.repair_loss_ratio * p.macrophage_loss * M2) / p.clock,
        -p.leak_closure * (1 + p.leak_closure_border * B + p.cell_closure * m) * L,
        D_E * second_derivative(E, widths)
        + p.oedema_filling * hill(L, p.oedema_leak_half)
        - p.oedema_drainage * (1 + p.oedema_drainage_border * B) * E,
        (p.border_growth * call * (1 - B) - p.border_loss * B) / p.clock,
        -kV * V,
        -kA * A,
        mend * (1 - Y) - kY * Y,
        -kZ * Z,
        (p.matrix_growth * call * (1 - X) - p.border_loss * X) / p.clock,
    )
    return np.stack(rates, axis=1).ravel()


def solve(severity, width, days, p, centres, widths, *, grafts=(), depots=(), foreign=0.0, rtol=1e-8):
    """Return the fields, "day field cell"; grafts are (day, amount, sd in mm)."""
    injury = severity * np.exp(-(centres**2) / (2 * width**2))
    one = np.ones_like(injury)
    start = dict.fromkeys(NAMES, 0 * one) | {"H": p.impact_alarmin * injury, "Q": injury, "A": one, "Y": one}
    start |= {"L": np.minimum(1, p.impact_leak * injury), "V": np.maximum(1 - p.impact_grey_loss * injury, 0)}
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
            right_hand_side, state.ravel(), stops, args=(p, injury, widths, depots, foreign),
            ml=width_of_band, mu=width_of_band, rtol=rtol, atol=1e-11, mxstep=100000, hmax=5.0,
        )  # fmt: skip
        found |= {day: values.reshape(-1, len(NAMES)).T for day, values in zip(stops[1:], course[1:], strict=True)}
        state = found[end_day].T.copy()
    return np.stack([found[day] for day in days])
