"""Totals on worksheets whose sums are known."""

from reference.isncsci_exams import answer, lesion_at, normal_exam


def test_a_normal_examination_has_every_point():
    totals = answer(normal_exam())["totals"]
    assert (totals["uems"], totals["lems"], totals["lt"], totals["pp"]) == ("50", "50", "112", "112")
    assert (totals["uer_left"], totals["ler_right"], totals["motor_left"], totals["pp_right"]) == (
        "25",
        "25",
        "50",
        "56",
    )


def test_scores_are_summed_by_limb_side_and_modality():
    exam = lesion_at("C7")
    exam["left"]["motor"].update({"C8": 2, "S1": 1})
    exam["right"]["light_touch"]["T1"] = 1
    assert answer(exam)["totals"] == {
        "uems": "32", "lems": "1", "lt": "25", "pp": "24",
        "uer_right": "15", "uer_left": "17", "ler_right": "0", "ler_left": "1",
        "motor_right": "15", "motor_left": "18",
        "lt_right": "13", "lt_left": "12", "pp_right": "12", "pp_left": "12",
    }  # fmt: skip
