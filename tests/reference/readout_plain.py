"""The examination kernel again, slowly: one patient, one visit, plain Python and the equations as they are written."""

from math import exp, log, sqrt

import numpy as np

from cordwise.cord.geometry import cord_geometry


def profile(x, c, w):
    return 1.0 if x >= c else exp(-((x - c) ** 2) / (2 * w * w))


def zone(x, c, w):
    return exp(-((x - c) ** 2) / (2 * w * w))


def examine_plain(patients, i, day, p, noise, tissue):
    """Return motor, touch, pin prick, contraction and pressure of one exam; `tissue` holds the five courses."""
    axon, conduction, growth, grey_course, node_repair = tissue
    cord = cord_geometry(p.cord_length_mm)
    c, eta = patients.centre_mm[i], patients.tract_log_odds[i]
    block = patients.block[i] * exp(-node_repair / patients.block_days[i])
    acute = patients.acute_block[i] * exp(-day / p.acute_block_days)
    w = patients.width_mm[i] * (1 + p.width_with_block * block)
    grey = min(1.0, patients.grey_loss[i] * grey_course)
    shock = p.spinal_shock * exp(-day / p.spinal_shock_days)
    sprout = patients.sprouting[i] * (1 - exp(-day / p.sprouting_days))
    motor_shift = axon - p.motor_block * block - p.acute_motor_block * acute
    sensory_shift = axon - p.sensory_block * block - p.acute_sensory_block * acute
    spared_motor = p.sacral_log_odds + p.sacral_block_spared * (axon - motor_shift)
    spared_sensory = p.sacral_log_odds + p.sacral_block_spared * (axon - sensory_shift)

    def sacral(of_visit, number):
        mine = patients.sacral_noise[i, number]
        lasting = p.sacral_noise_lasting
        return p.sacral_noise_ratio * (sqrt(1 - lasting) * of_visit + sqrt(lasting) * mine)

    def spared(log_odds, x):
        return 1 - profile(x, c, w) / (1 + exp(log_odds))

    def plastic(u):
        return u * (1 + patients.plasticity[i] * growth * (u + p.drive_floor) ** p.plasticity_exponent)

    def conducted(x):
        return 1 - profile(x, c, w) * (1 - conduction)

    hand = {2: p.hand_share_c7, 3: p.hand_share_c8, 4: p.hand_share_t1}
    motor = np.zeros((2, 10), int)
    for side in range(2):
        for k, x in enumerate(cord.muscle_mm):
            depth = max(0, x - c) / (p.cord_length_mm - c)
            shift = motor_shift + (p.motor_lamination + patients.motor_lamination[i]) * (depth - 0.5)
            s1, s2 = spared(eta[side, 0] + shift, x), spared(eta[side, 1] + shift, x)
            weight = p.corticospinal_weight + (1 - p.corticospinal_weight) * p.hand_weight * hand.get(k, 0)
            u = plastic((weight * s1 + (1 - weight) * s2) * conducted(x))
            u *= 1 - shock * profile(x, c, w) * (1 - (s1 + s2) / 2)
            pool = 1 - grey * zone(x, c, w * p.motor_neuron_zone_ratio)
            u *= min(1, pool * (1 + sprout * (1 - pool)))
            g = 0.5 + 4 * log((u + 1e-9) / p.first_contraction_drive) / log(
                p.normal_strength_drive / p.first_contraction_drive
            )
            if g > p.silent_grade:
                fade = min(1, max(0, (5 + p.trait_fade_grades - g) / p.trait_fade_grades))
                g += patients.muscle_trait[i, side, k] * profile(x, c, w) * fade
                g += p.motor_rater_noise * noise[10 * side + k] + p.motor_visit_noise * profile(x, c, w) * noise[132]
            motor[side, k] = 0 if g < 0.5 else min(5, int(g + 0.5))

    scores = np.full((2, 2, 28), 2)
    pressure = 0.0
    for side in range(2):
        for m, x in enumerate(cord.dermatome_mm):
            depth = max(0, x - c) / (cord.dermatome_mm[27] - c)
            lamination = p.sensory_lamination + patients.sensory_lamination[i]
            shift = sensory_shift + lamination * (depth - 0.5)
            touch_visit, pin_visit = noise[133], noise[134]
            if m == 27:
                shift += patients.sacral_deviate[i] + spared_sensory
                touch_visit, pin_visit = sacral(touch_visit, 0), sacral(pin_visit, 1)
            local = 1 - p.sensory_root_loss * grey * zone(x, c, w)
            gain = local * conducted(x) * (1 + p.sensory_plasticity * growth)
            shares = spared(eta[side, 2] + shift, x) * gain, spared(eta[side, 3] + shift, x) * gain
            if m == 27:
                pressure += max(shares) / 2
            if profile(x, c, w) < p.intact_profile:
                continue
            reach = min(1, profile(x, c, w) / p.full_noise_profile)
            kinds = (
                (patients.touch_trait, p.touch_visit_noise * touch_visit, 20, p.touch_first_cut, p.touch_cut_ratio),
                (patients.pin_trait, p.pin_visit_noise * pin_visit, 76, p.pin_first_cut, p.pin_cut_ratio),
            )
            for kind, (trait, visit, start, cut, ratio) in enumerate(kinds):
                rater = p.sensory_rater_noise * noise[start + 28 * side + m]
                share = min(shares[kind], 0.99999)
                felt = log(share / (1 - share)) + reach * (trait[i, side, m] + visit) + rater
                first = log(cut / (1 - cut))
                scores[kind, side, m] = int(felt > first) + int(felt > first + log(ratio))

    x = cord.dermatome_mm[27]
    shift = motor_shift + (p.motor_lamination + patients.motor_lamination[i]) / 2
    shift += p.sacral_motor_share * patients.sacral_deviate[i] + spared_motor
    log_odds = (eta[0, 0] + eta[1, 0]) / 2 + shift + patients.anal_contraction_deviate[i]
    local = 1 - p.sensory_root_loss * grey * zone(x, c, w)
    squeeze = plastic(spared(log_odds, x) * conducted(x)) * local
    contraction = squeeze * exp(p.sacral_visit_noise * sacral(noise[135], 2)) > p.anal_contraction_cut
    return (
        motor,
        scores[0],
        scores[1],
        contraction,
        pressure * exp(p.sacral_visit_noise * sacral(noise[136], 3)) > p.deep_pressure_cut,
    )
