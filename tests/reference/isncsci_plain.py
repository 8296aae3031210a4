"""The classification of one examination in plain Python, from the wording of the rules and by level names.

Slow and close to how a clinician reads the worksheet; the compiled rules are tested against it. An exam is
`{"vac": bool, "dap": bool, "right": side, "left": side}`, a side `{"motor": {...}, "light_touch": {...},
"pin_prick": {...}, "non_key": name or None}` with whole numbers by level name.
"""

CERVICAL = ["C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8"]
THORACIC = ["T1", "T2", "T3", "T4", "T5", "T6", "T7", "T8", "T9", "T10", "T11", "T12"]
LUMBAR_AND_SACRAL = ["L1", "L2", "L3", "L4", "L5", "S1", "S2", "S3", "S4_5"]
ROSTRAL_TO_CAUDAL = [*CERVICAL, *THORACIC, *LUMBAR_AND_SACRAL, "INT"]
ARM, LEG = ["C5", "C6", "C7", "C8", "T1"], ["L2", "L3", "L4", "L5", "S1"]
place = ROSTRAL_TO_CAUDAL.index


def most_rostral(levels):
    return min(levels, key=place)


def most_caudal(levels):
    return max(levels, key=place)


def above(level):
    return ROSTRAL_TO_CAUDAL[place(level) - 1]


def sensory_level(side):
    touch, prick = side["light_touch"], side["pin_prick"]
    impaired = [level for level in touch if touch[level] < 2 or prick[level] < 2]
    return above(most_rostral(impaired)) if impaired else "INT"


def motor_level(side, vac):
    """Ask of each level from C1 down whether it is normal; the last before the first doubt is the motor level.

    A level without a key muscle is as normal as its sensation; in front of a limb, sensation down to C4 or L1 opens it.
    """
    sensory = sensory_level(side)
    for limb, gate in ((ARM, "C4"), (LEG, "L1")):
        if place(sensory) < place(gate):
            return sensory if limb is ARM else most_caudal([sensory, "T1"])
        weak = [muscle for muscle in limb if side["motor"][muscle] < 5]
        if weak:
            first = most_rostral(weak)
            return first if side["motor"][first] >= 3 else above(first)
    if sensory == "INT" and not vac:
        return "S3"
    return most_caudal([sensory, "S1"])


def feels_sacrum(side):
    return side["light_touch"]["S4_5"] > 0 or side["pin_prick"]["S4_5"] > 0


def levels_below(level, motor):
    """How many levels `level` lies below the motor level."""
    return place(level) - place(motor)


def muscles_far_below(side, vac):
    motor = motor_level(side, vac)
    return [name for name, grade in side["motor"].items() if grade > 0 and levels_below(name, motor) > 3]


def non_key_far_below(side, vac):
    return side["non_key"] is not None and levels_below(side["non_key"], motor_level(side, vac)) > 3


def classify(exam):
    sides, vac = {name: exam[name] for name in ("right", "left")}, exam["vac"]
    sensory = {name: sensory_level(side) for name, side in sides.items()}
    motor = {name: motor_level(side, vac) for name, side in sides.items()}
    nli = most_rostral([*sensory.values(), *motor.values()])
    sacral = exam["dap"] or any(map(feels_sacrum, sides.values()))
    key_far = sacral and any(muscles_far_below(side, vac) for side in sides.values())
    non_key_far = sacral and any(non_key_far_below(side, vac) for side in sides.values())
    answer = {"nli": nli, "complete": "I" if sacral or vac else "C"}
    answer["ais"] = grade(sides, nli, answer["complete"] == "C", vac or key_far or non_key_far)
    for name, side in sides.items():
        answer[f"sensory_{name}"], answer[f"motor_{name}"] = sensory[name], motor[name]
        answer[f"zpp_sensory_{name}"] = sensory_zone(side, exam["dap"])
        only_non_key = non_key_far and not key_far and non_key_far_below(side, vac)
        answer[f"zpp_motor_{name}"] = motor_zone(side, vac, only_non_key)
    return answer


def grade(sides, nli, complete, motor_incomplete):
    if nli == "INT":
        return "E"
    if complete:
        return "A"
    if not motor_incomplete:
        return "B"
    below = [grade for side in sides.values() for name, grade in side["motor"].items() if place(name) > place(nli)]
    useful = sum(grade >= 3 for grade in below)
    return "D" if useful >= len(below) / 2 else "C"


def sensory_zone(side, dap):
    if dap or feels_sacrum(side):
        return "NA"
    felt = [level for score in ("light_touch", "pin_prick") for level, value in side[score].items() if value > 0]
    return most_caudal(["C1", *felt])


def motor_zone(side, vac, only_non_key):
    if vac:
        return "NA"
    moving = [name for name, grade in side["motor"].items() if grade > 0]
    return most_caudal([motor_level(side, vac), *moving, *([side["non_key"]] if only_non_key else [])])


def totals(exam):
    answer = {}
    for name in ("right", "left"):
        side = exam[name]
        answer[f"uer_{name}"] = sum(side["motor"][muscle] for muscle in ARM)
        answer[f"ler_{name}"] = sum(side["motor"][muscle] for muscle in LEG)
        answer[f"motor_{name}"] = sum(side["motor"].values())
        answer[f"lt_{name}"] = sum(side["light_touch"].values())
        answer[f"pp_{name}"] = sum(side["pin_prick"].values())
    for both, part in (("uems", "uer"), ("lems", "ler"), ("lt", "lt"), ("pp", "pp")):
        answer[both] = answer[f"{part}_right"] + answer[f"{part}_left"]
    return answer
