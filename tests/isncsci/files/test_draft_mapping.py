"""Foreign tables: their names and words are told by rule, and a drafted mapping reads them as their owner meant."""

import json
import tomllib

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cordwise.base.errors import InputError
from cordwise.cli import main
from cordwise.isncsci import SIDES
from cordwise.isncsci.files.cell_names import readings_of
from cordwise.isncsci.files.columns import column_names_of
from cordwise.isncsci.files.draft_mapping import draft_mapping
from cordwise.isncsci.files.formats import read_exams
from cordwise.isncsci.files.layout import layout_of
from cordwise.isncsci.files.mapping import mapping_of, read_preset
from cordwise.isncsci.files.mapping_text import mapping_text
from cordwise.isncsci.files.writing import table_of
from cordwise.isncsci.worksheet import CELLS, codes_of, exams_of
from reference.isncsci_open_exams import random_open_exams

COUNT = 8
MUSCLES = {
    "C5": "elbow flexors", "C6": "wrist extensors", "C7": "elbow extensors", "C8": "finger flexors",
    "T1": "finger abductors", "L2": "hip flexors", "L3": "knee extensors", "L4": "ankle dorsiflexors",
    "L5": "long toe extensors", "S1": "ankle plantar flexors",
}  # fmt: skip
TWO_WORDS = [("R", "L"), ("r", "l"), ("right", "left"), ("Right", "Left"), ("rt", "lt")]
MODALITIES = [("motor", "light_touch", "pin_prick"), ("mot", "lt", "pp"), ("M", "LT", "PP"), ("motor", "LT", "pin")]
SACRUM = ["S4_5", "S45", "S4-5", "S4S5", "S4_S5"]


@pytest.fixture(scope="module")
def table():
    """A table of exams with open and tagged scores, in the usual layout."""
    codes = codes_of(random_open_exams(81, COUNT, most_completions=200))
    codes[codes == -1] = 6
    return table_of(exams_of(codes), [f"p{row}" for row in range(COUNT)]).cast(pl.String)


def renamed(table, name_of, *, others=None):
    """The table with other column names, and other words for yes and no."""
    words = {"Yes": "Y", "No": "N"}
    names = {cell.column: name_of(cell) for cell in CELLS}
    return table.with_columns(pl.col("vac", "dap").replace(words)).rename(names | (others or {}))


@st.composite
def namings(draw):
    """How a program may name the cells of the worksheet."""
    sides = dict(zip(SIDES, draw(st.sampled_from(TWO_WORDS)), strict=True))
    kinds = dict(zip(("motor", "light_touch", "pin_prick"), draw(st.sampled_from(MODALITIES)), strict=True))
    order = draw(st.permutations(["side", "kind", "level"]))
    gap, sacrum = draw(st.sampled_from(["_", "", " ", ".", "-"])), draw(st.sampled_from(SACRUM))
    case = draw(st.sampled_from([str, str.lower, str.upper]))
    before, after = draw(st.sampled_from([("", ""), ("v1_", ""), ("", "_02"), ("isncsci_", ""), ("", " score")]))
    padded, by_muscle = draw(st.booleans()), draw(st.booleans())

    def name_of(cell):
        if cell.kind == "finding":
            return f"{before}{case({'vac': 'VAC', 'dap': 'deep anal pressure'}[cell.keys[0]])}{after}"
        if cell.kind == "non_key_muscle":
            return f"{before}{case('nkm')}_{sides[cell.keys[0]]}{after}"
        side, kind, level = cell.keys
        shown = sacrum if level == "S4_5" else f"{level[0]}0{level[1:]}" if padded and len(level) == 2 else level
        if by_muscle and kind == "motor":
            shown = MUSCLES[level]
        parts = {"side": sides[side], "kind": kinds[kind], "level": shown}
        return before + case(gap.join(parts[part] for part in order)) + after

    return name_of


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name_of=namings())
def test_a_drafted_mapping_reads_a_foreign_table_as_the_usual_one(tmp_path_factory, table, name_of):
    folder = tmp_path_factory.mktemp("foreign")
    usual, foreign, mapping = folder / "usual.csv", folder / "foreign.csv", folder / "mapping.toml"
    table.write_csv(usual)
    renamed(table, name_of, others={"id": "Patient ID"}).write_csv(foreign)
    draft = draft_mapping(foreign)
    assert (draft.faults, draft.missing) == ((), ())
    mapping.write_text(mapping_text(draft))
    found = read_exams(foreign, layout_of(mapping=mapping))
    expected = read_exams(usual)
    assert (found.refusals, found.ids) == ((), expected.ids)
    assert codes_of(found.exams).tolist() == codes_of(expected.exams).tolist()
    assert mapping_of(draft.tables) == mapping_of(tomllib.loads(mapping.read_text()))


def by_rule(cell):
    if len(cell.keys) < 3:
        return {"vac": "VAC", "dap": "DAP"}.get(cell.keys[0], f"{cell.keys[0]} NKM")
    side, kind, level = cell.keys
    return f"{level.replace('_', '')}_{ {'motor': 'mot', 'light_touch': 'lt', 'pin_prick': 'pp'}[kind] }_{side[0]}"


@pytest.mark.parametrize("kind", ["csv", "tsv", "parquet", "jsonl"])
def test_a_batch_by_the_drafted_mapping_gives_the_same_answers(tmp_path, table, kind, capsys):
    foreign, usual, mapping = tmp_path / f"foreign.{kind}", tmp_path / "usual.csv", tmp_path / "mapping.toml"
    table.write_csv(usual)
    write(renamed(table, by_rule), foreign)
    assert main(["exam", "map", str(foreign), "--out", str(mapping)]) == 0
    assert "exam batch" in capsys.readouterr().err
    answers = []
    for source, options in ((usual, []), (foreign, ["--mapping", str(mapping)])):
        target = tmp_path / f"{source.stem}_answers.jsonl"
        assert main(["exam", "batch", str(source), "--out", str(target), "--quiet", *options]) == 0
        answers.append(target.read_bytes())
    assert answers[0] == answers[1]


def write(table, path):
    match path.suffix:
        case ".parquet":
            table.write_parquet(path)
        case ".jsonl":
            path.write_text("".join(f"{json.dumps(row)}\n" for row in table.to_dicts()))
        case suffix:
            table.write_csv(path, separator="\t" if suffix == ".tsv" else ",")


@pytest.mark.parametrize("preset", ["cordwise", "redcap_ubc", "praxis_json"])
def test_a_known_layout_is_told_by_its_preset(tmp_path, table, preset, capsys):
    mapping, path = read_preset(preset), tmp_path / "a.csv"
    names = {cell.column: column_names_of(mapping, cell, mapping.pattern_of(cell), "")[0] for cell in CELLS}
    table.rename(names | {"id": mapping.id[0]}).write_csv(path)
    draft = draft_mapping(path)
    assert draft.preset == preset
    assert main(["exam", "map", str(path), "--quiet"]) in (0, 2)  # 2 where a word of the table is none of the preset
    assert f"--preset {preset}" in capsys.readouterr().out


def test_what_is_missing_left_over_and_unknown_is_told_at_once_and_the_draft_is_still_written(tmp_path, table, capsys):
    path, out = tmp_path / "a.csv", tmp_path / "m.toml"
    foreign = renamed(table, by_rule).drop("S45_pp_l", "DAP").with_columns(pl.lit("UTD").alias("C5_mot_r"), age=30)
    foreign.write_csv(path)
    assert main(["exam", "map", str(path), "--out", str(out), "--json"]) == 2
    printed = capsys.readouterr()
    found = json.loads(printed.out)
    assert found["missing"] == ["left.pin_prick.S4_5", "dap"]
    assert found["unused"] == ["age"]
    assert [(code["kind"], code["code"], code["count"]) for code in found["unknown_codes"]] == [("motor", "UTD", COUNT)]
    assert all(word in printed.err for word in ("left pin prick", "dap", '"UTD"'))
    tables = tomllib.loads(out.read_text())
    assert tables == found["mapping"]
    assert layout_of(mapping=out)


def test_several_visits_side_by_side_become_a_place_in_the_pattern(tmp_path, table):
    other = table[::-1].with_columns(table["id"])
    both = [
        renamed(visit, lambda cell, number=number: f"{by_rule(cell)}_{number}")
        for number, visit in ((1, table), (2, other))
    ]
    path, mapping = tmp_path / "a.csv", tmp_path / "m.toml"
    pl.concat([both[0], both[1].drop("id")], how="horizontal").write_csv(path)
    draft = draft_mapping(path)
    assert (draft.visits, draft.unused, draft.faults) == (("1", "2"), (), ())
    mapping.write_text(mapping_text(draft))
    for number, visit in (("1", table), ("2", other)):
        visit.write_csv(tmp_path / "usual.csv")
        found = read_exams(path, layout_of(mapping=mapping, visit=number))
        assert codes_of(found.exams).tolist() == codes_of(read_exams(tmp_path / "usual.csv").exams).tolist()


def test_rows_of_several_visits_are_named_by_both_columns(tmp_path, table):
    path = tmp_path / "a.csv"
    rows = renamed(table, by_rule, others={"id": "subject"}).with_columns(visit=pl.Series(["in", "out"] * 4))
    rows.with_columns(subject=pl.Series([f"s{row // 2}" for row in range(COUNT)])).write_csv(path)
    assert draft_mapping(path).tables["id"] == ["subject", "visit?"]


@pytest.mark.parametrize(
    "name", ["record_id", "date", "C5_R", "T5_motor_r", "lt_total_r", "C9_lt_r", "x" * 500, "p" * 90]
)
def test_a_name_that_is_no_cell_is_taken_for_none(name):
    assert readings_of(name) == ()


@pytest.mark.parametrize(
    ("name", "path"),
    [("C5_motor_R", "right.motor.C5"), ("r_c5_mot", "right.motor.C5"), ("LT_C2_left", "left.light_touch.C2"),
     ("pp_s45_l", "left.pin_prick.S4_5"), ("L_L_L5", "left.light_touch.L5"), ("LTLTT12", "left.light_touch.T12"),
     ("Right wrist extension", "right.motor.C6"), ("exam.left.pinPrick.s4_5", "left.pin_prick.S4_5"),
     ("Voluntary anal contraction", "vac"), ("lowestNonKeyMuscleLeft", "left.lowest_non_key_muscle")],
)  # fmt: skip
def test_names_in_any_order_mean_their_cell(name, path):
    assert {reading.cell.path for reading in readings_of(name)} == {path}


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_a_foreign_file_is_told_by_its_own_names_and_what_to_do(tmp_path, table, kind):
    path = tmp_path / f"foreign.{kind}"
    write(renamed(table, by_rule), path)
    with pytest.raises(InputError) as caught:
        read_exams(path)
    (fault,) = caught.value.faults
    assert "C5_mot_r" in fault.found
    assert "136 cells" in fault.advice
    assert f"cordwise exam map {path}" in fault.advice
    assert len(str(fault)) < 500


def test_a_foreign_line_among_known_ones_is_refused_alone(tmp_path, table):
    path = tmp_path / "mixed.jsonl"
    rows = [table.to_dicts()[0], renamed(table, by_rule).to_dicts()[1], table.to_dicts()[2]]
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows))
    (refusal,) = read_exams(path).refusals
    assert [fault.where for fault in refusal.faults] == ["line 2: keys"]


@pytest.mark.parametrize("text", ["", "[]\n", "no JSON\n", '"id"\n'])
def test_a_file_without_examinations_cannot_be_mapped(tmp_path, text, capsys):
    path = tmp_path / "a.jsonl"
    path.write_text(text)
    assert main(["exam", "map", str(path)]) == 2
    assert str(path) in capsys.readouterr().err
