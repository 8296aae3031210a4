"""Files as other programs write them: the presets, mapping files, and policies for blanks and old spellings."""

import json

import numpy as np
import polars as pl
import pytest

from cordwise.base.errors import InputError
from cordwise.isncsci.anatomy import DERMATOMES, MYOTOMES, SIDES
from cordwise.isncsci.files.columns import column_names_of
from cordwise.isncsci.files.formats import read_exams, write_exams
from cordwise.isncsci.files.layout import layout_of
from cordwise.isncsci.files.mapping import read_preset
from cordwise.isncsci.files.score_codes import Blank
from cordwise.isncsci.files.writing import table_of
from cordwise.isncsci.recorded import RecordedExams
from cordwise.isncsci.worksheet import CELLS, codes_of, exams_of
from reference.isncsci_exams import random_exams

COUNT = 9
CHOICE_T4 = "left_light_touch_t4_considernormal"
MUSCLES = ["elbfl", "wrext", "elbex", "finfl", "finab", "hipfl", "kneex", "ankdo", "greto", "ankpl"]


@pytest.fixture
def exams():
    return RecordedExams.from_exams(random_exams(5, COUNT))


def usual_rows(exams):
    return table_of(exams, [f"p{number}" for number in range(len(exams))]).cast(pl.String).to_dicts()


def sygen_name(cell, week):
    if cell.kind == "finding":
        return {"vac": "vaccd", "dap": "anyana"}[cell.keys[0]] + week
    side, kind, level = cell.keys
    if kind == "motor":
        name = MUSCLES[MYOTOMES.index(level)] + side[0]
        return ("kneetr" if name == "kneexr" else name) + week
    return level.replace("_", "").lower() + {"light_touch": "lt", "pin_prick": "pp"}[kind] + side[0] + week


def sygen_rows(exams, week):
    words = {"Yes": "1", "No": "0"}
    cells = [cell for cell in CELLS if cell.kind != "non_key_muscle"]
    return [
        {"ptid": row["id"]} | {sygen_name(cell, week): words.get(row[cell.column], row[cell.column]) for cell in cells}
        for row in usual_rows(exams)
    ]


def without_non_key(exams):
    codes = codes_of(exams)
    codes[:, -2:] = 0
    return codes


def write(path, rows):
    if path.suffix == ".jsonl":
        path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    else:
        pl.DataFrame(rows, infer_schema_length=None).write_csv(path)
    return path


@pytest.mark.parametrize("week", ["", "01", "52"])
def test_sygen_names_are_read_with_and_without_a_week(tmp_path, exams, week):
    rows = sygen_rows(exams, week)
    rows[3]["elbfll" + week] = "9"
    rows[4]["vaccd" + week] = "9"
    reading = read_exams(write(tmp_path / "a.csv", rows), layout_of("sygen"))
    expected = without_non_key(exams)
    expected[3, 10], expected[4, -4] = 6, 6
    np.testing.assert_array_equal(codes_of(reading.exams), expected)


def test_a_file_with_two_weeks_wants_to_know_which(tmp_path, exams):
    other = exams[np.arange(COUNT)[::-1]]
    rows = [a | b for a, b in zip(sygen_rows(exams, "01"), sygen_rows(other, "26"), strict=True)]
    path = write(tmp_path / "a.csv", rows)
    with pytest.raises(InputError, match="visits 01, 26"):
        read_exams(path, layout_of("sygen"))
    found = read_exams(path, layout_of("sygen", visit="26")).exams
    np.testing.assert_array_equal(codes_of(found), without_non_key(other))


def test_the_time_column_is_part_of_the_name(tmp_path, exams):
    rows = [row | {"time": 26} for row in sygen_rows(exams, "")]
    assert read_exams(write(tmp_path / "a.csv", rows), layout_of("sygen")).ids[0] == "p0 26"


def named_rows(exams, preset):
    mapping = read_preset(preset)
    names = {cell: column_names_of(mapping, cell, mapping.pattern_of(cell), "")[0] for cell in CELLS}
    key = mapping.id[0]
    return [{key: row["id"]} | {names[cell]: row[cell.column] for cell in CELLS} for row in usual_rows(exams)]


@pytest.mark.parametrize(("preset", "kind"), [("redcap_ubc", "csv"), ("praxis_json", "jsonl"), ("praxis_json", "csv")])
def test_presets_read_their_names(tmp_path, exams, preset, kind):
    path = write(tmp_path / f"a.{kind}", named_rows(exams, preset))
    np.testing.assert_array_equal(codes_of(read_exams(path, layout_of(preset)).exams), codes_of(exams))


def test_known_names_of_the_sources_are_those_of_the_presets(exams):
    assert {"right_motor_c5_value", "left_pinprick_s4_5_value"} <= {
        name.lower() for name in named_rows(exams, "redcap_ubc")[0]
    }
    assert {"rightLightTouchC2", "leftPinPrickS4_5", "rightMotorL2"} <= set(named_rows(exams, "praxis_json")[0])


@pytest.mark.parametrize(
    ("value", "choice", "code"),
    [("ab-1", "1", 21), ("ab-1", "2", 11), ("ab-nt", "2", 16), ("nt", "", 6), ("ab-1", "", None), ("1", "1", None),
     ("ab-1", "3", None), ("ab-2", "1", None)],
)  # fmt: skip
def test_a_tagged_score_is_read_as_its_choice_says(tmp_path, exams, value, choice, code):
    rows = named_rows(exams, "redcap_ubc")
    for row in rows:
        row |= {
            "left_light_touch_t4_value": row.pop("left_light_touch_T4_value"),
            "left_light_touch_t4_considernormal": "",
        }
    rows[2] |= {"left_light_touch_t4_value": value, "left_light_touch_t4_considernormal": choice}
    reading = read_exams(write(tmp_path / "a.csv", rows), layout_of("redcap_ubc"))
    if code is not None:
        assert (reading.exams.light_touch[2, 1, 10], reading.refusals) == (code, ())
    else:
        (refusal,) = reading.refusals
        assert refusal.number == 3
        assert "left_light_touch_t4" in refusal.faults[0].where


@pytest.mark.parametrize(("choice", "code"), [(True, 21), (False, 11), (None, None), ("maybe", None)])
def test_the_choice_of_a_praxis_record_is_true_or_false(tmp_path, exams, choice, code):
    rows = [
        row | {"rightPinPrickC2": "1*", "rightPinPrickC2ConsiderNormal": choice}
        for row in named_rows(exams, "praxis_json")
    ]
    reading = read_exams(write(tmp_path / "a.jsonl", rows), layout_of("praxis_json"))
    assert len(reading.refusals) == (COUNT if code is None else 0)
    assert code is None or (reading.exams.pin_prick[:, 0, 0] == code).all()


@pytest.mark.parametrize(("blank", "code"), [(Blank.ERROR, None), (Blank.NA, -1), (Blank.NT, 6)])
@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet"])
def test_a_blank_is_what_the_policy_says(tmp_path, exams, kind, blank, code):
    codes = codes_of(exams)
    codes[1, 3] = codes[4, -3] = -1
    path = tmp_path / f"a.{kind}"
    write_exams(path, exams_of(codes), range(COUNT))
    reading = read_exams(path, layout_of(blank=blank))
    if code is None:
        assert [refusal.row for refusal in reading.refusals] == [1, 4]
    else:
        assert (reading.exams.motor[1, 0, 3], reading.exams.deep_anal_pressure[4]) == (code, code)


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_an_old_five_with_a_star_is_read_on_request_and_counted(tmp_path, exams, kind):
    rows = usual_rows(exams)
    rows[2]["right_motor_C6"] = "5*"
    path = write(tmp_path / f"a.{kind}", rows)
    assert [one.row for one in read_exams(path).refusals] == [2]
    reading = read_exams(path, layout_of(legacy_five_star=True))
    assert (reading.converted, reading.exams.motor[2, 0, 1]) == (1, 5)


def test_a_mapping_file_reads_any_names(tmp_path, exams):
    mapping = tmp_path / "m.toml"
    mapping.write_text(
        'id = ["who"]\n[columns]\nmotor = "{side}{level}M"\nlight_touch = "{side}{level}L"\n'
        'pin_prick = "{side}{level}P"\n'
        'vac = "v"\ndap = "d"\n[names.side]\nright = "R"\nleft = "L"\n[cells]\n"right.motor.C5" = "elbow"\n'
        '[values]\nyes = ["ja"]\nno = ["nein"]\nnot_testable = ["x"]\n'
    )
    letters = {"motor": "M", "light_touch": "L", "pin_prick": "P"}
    rows = []
    for row in usual_rows(exams):
        words = {"Yes": "ja", "No": "nein"}
        new = {"who": row["id"], "v": words[row["vac"]], "d": words[row["dap"]]}
        for kind, letter in letters.items():
            for level in MYOTOMES if kind == "motor" else DERMATOMES:
                new |= {f"{side[0].upper()}{level}{letter}": row[f"{side}_{kind}_{level}"] for side in SIDES}
        new["elbow"] = new.pop("RC5M")
        rows.append(new)
    rows[0]["LS1M"] = "x"
    expected = without_non_key(exams)
    expected[0, 19] = 6
    reading = read_exams(write(tmp_path / "a.csv", rows), layout_of(mapping=mapping))
    np.testing.assert_array_equal(codes_of(reading.exams), expected)


def test_mistakes_in_a_mapping_are_told_at_once(tmp_path):
    path = tmp_path / "m.toml"
    path.write_text('[columns]\nmotor = "a"\nvac = 3\n[names.side]\nup = "u"\n')
    with pytest.raises(InputError) as caught:
        layout_of(mapping=path)
    assert len(caught.value.faults) >= 4


def test_names_of_another_source_bring_the_advice_to_name_its_preset(tmp_path, exams):
    path = write(tmp_path / "a.csv", sygen_rows(exams, "01"))
    with pytest.raises(InputError, match="--preset sygen"):
        read_exams(path)
