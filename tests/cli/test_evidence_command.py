"""`cordwise evidence` as a user meets it."""

import json

import pytest

from cordwise.base.tables import packaged_text
from cordwise.cli import main
from cordwise.evidence import raw_table, table_names

RECALLED_HEADING = "Recalled: not read in a source, verify before use."


def test_list_names_every_table_with_its_rows_seen_and_recalled(capsys):
    assert main(["evidence", "list"]) == 0
    lines = {line.split()[0]: line.split()[1:4] for line in capsys.readouterr().out.splitlines() if line}
    for name in table_names():
        rows, seen, recalled = map(int, lines[name])
        assert rows == seen + recalled == len(raw_table(name))
    assert lines["natural_history"] == ["579", "572", "7"]


def test_list_as_json_carries_the_version(capsys):
    assert main(["evidence", "list", "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["kind"] == "evidence_list"
    assert [table["name"] for table in result["tables"]] == list(table_names())
    assert result["version"]


def test_show_sets_recalled_rows_apart_and_marks_their_figures(capsys):
    assert main(["evidence", "show", "grade_matrices", "--where", "baseline_ais=C"]) == 0
    seen, recalled = capsys.readouterr().out.split(RECALLED_HEADING)
    assert "jiang2013 / BMSC / C" in seen
    assert "(recalled)" not in seen
    assert "honmou2021 / STR01 / C" in recalled
    assert "  n: 5 (recalled)" in recalled
    assert "2 rows of grade_matrices: 1 seen, 1 recalled." in recalled


def test_show_takes_several_conditions_and_gives_json(capsys):
    arguments = ["evidence", "show", "natural_history", "--where", "measure=ambulatory", "--where", "baseline_ais=A"]
    assert main([*arguments, "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)["rows"]
    assert (row["id"], row["recalled"], row["citation"]["status"]) == ("NH0872", True, "recalled")
    assert row["citation"]["label"].endswith("(recalled)")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["show", "nothing"], "expected one of natural_history"),
        (["show", "biology", "--where", "colour=red"], "--where colour=red: expected column=value"),
        (["show", "biology", "--where", "id"], "--where id: expected column=value"),
    ],
)
def test_a_table_or_column_that_is_not_there_is_the_users_fault(capsys, arguments, words):
    assert main(["evidence", *arguments]) == 2
    assert words in capsys.readouterr().err


def test_lint_of_the_package_finds_nothing(capsys):
    assert main(["evidence", "lint"]) == 0
    assert capsys.readouterr().out == "No fault in the evidence base.\n"


def test_lint_of_a_file_prints_each_fault_with_file_and_row_and_exits_2(tmp_path, capsys):
    header, first, second, *_ = packaged_text("cordwise.evidence", "calibration_targets.csv").splitlines()
    path = tmp_path / "mine.csv"
    path.write_text("\n".join([header, first.replace(",uems,", ",arms,"), second.replace("C1-T1", "C1-T14")]))
    assert main(["evidence", "lint", str(path)]) == 2
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("mine.csv row 2 (NH0001), column measure: expected one of uems,")
    assert lines[1].startswith("mine.csv row 3 (NH0002), column levels: expected levels from rostral to caudal")
    assert lines[-1] == "2 faults in mine.csv."


def test_lint_as_json_gives_rule_row_and_column(tmp_path, capsys):
    header, first, *_ = packaged_text("cordwise.evidence", "calibration_targets.csv").splitlines()
    path = tmp_path / "mine.csv"
    path.write_text(f"{header}\n{first.replace('16.343', '61.343')}\n")
    assert main(["evidence", "lint", str(path), "--json"]) == 2
    (fault,) = json.loads(capsys.readouterr().out)["faults"]
    assert (fault["rule"], fault["row"], fault["column"], fault["found"]) == ("out-of-range", 2, "value", '"61.343"')


def test_lint_of_a_file_that_is_not_there_exits_2_without_a_traceback(tmp_path, capsys):
    assert main(["evidence", "lint", str(tmp_path / "none.csv")]) == 2
    assert "no such file" in capsys.readouterr().out


def test_lint_of_a_good_file_exits_0(tmp_path, capsys):
    path = tmp_path / "good.csv"
    path.write_text(packaged_text("cordwise.evidence", "calibration_targets.csv"))
    assert main(["evidence", "lint", str(path)]) == 0
    assert capsys.readouterr().out == "No fault in good.csv.\n"
