"""Two files of examinations of the same persons: who is compared, who is left out and why, and what the lines say."""

import json

import pytest

from cordwise.cli import main
from cordwise.isncsci.files.formats import write_exams
from cordwise.isncsci.files.layout import layout_of
from cordwise.isncsci.files.two_visits import compare_files
from reference.isncsci_exams import as_batch, lesion_at
from reference.isncsci_worksheet import worksheet

USUAL = (layout_of(), layout_of())


def recovered():
    """A C5 injury, complete at first; later the right wrist and elbow are strong and pressure is felt."""
    before, after = lesion_at("C5"), lesion_at("C5", sacral=True)
    after["right"]["motor"].update({"C6": 5, "C7": 3})
    return before, after


@pytest.fixture
def written(tmp_path):
    """Write exams of both visits with their names, compare them, and return the lines and the summary."""

    def write_and_compare(before, after, *, kind="jsonl"):
        paths = [tmp_path / f"{visit}.{kind}" for visit in ("baseline", "followup")]
        for path, exams in zip(paths, (before, after), strict=True):
            write_exams(path, as_batch(list(exams.values())), list(exams))
        target = tmp_path / "changes.jsonl"
        summary = compare_files(*paths, target, USUAL)
        return [json.loads(line) for line in target.read_text().splitlines()], summary

    return write_and_compare


@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet"])
def test_what_was_gained_is_told_by_name(written, kind):
    before, after = recovered()
    (line,), summary = written({"p1": before}, {"p1": after}, kind=kind)
    assert (summary.persons, summary.compared, summary.exit_code) == (1, 1, 0)
    assert line["id"] == "p1"
    assert line["ais"] == {"baseline": "A", "followup": "B"}
    assert line["gained"] == {
        "ais": 1,
        "neurological_level": 0,
        "sensory_right": 0,
        "sensory_left": 0,
        "motor_right": 2,
        "motor_left": 0,
        "arm_motor_right": 2,
        "arm_motor_left": 0,
        "better_arm": 2,
        "worse_arm": 0,
        "uems": 8,
        "lems": 0,
        "lt": 0,
        "pp": 0,
    }
    assert line["verdicts"] == {
        "improved_one_grade": "yes",
        "improved_two_grades": "no",
        "deteriorated": "NA",
        "to_incomplete": "yes",
        "to_motor_incomplete": "no",
        "to_functional": "no",
        "two_arm_levels_either_side": "yes",
        "two_arm_levels_both_sides": "no",
    }
    assert line["possible"] == {}


def test_what_stays_open_is_listed_with_its_range(tmp_path):
    before, after = recovered()
    after["right"]["motor"]["C6"], after["dap"] = "NT", "NT"
    paths = [tmp_path / f"{visit}.jsonl" for visit in ("baseline", "followup")]
    for path, exam in zip(paths, (before, after), strict=True):
        write_exams(path, worksheet(exam), [7])
    compare_files(*paths, tmp_path / "changes.jsonl", USUAL)
    line = json.loads((tmp_path / "changes.jsonl").read_text())
    assert line["id"] == 7
    assert (line["gained"]["ais"], line["gained"]["motor_right"], line["gained"]["uems"]) == (None, None, None)
    assert line["verdicts"]["to_incomplete"] == "ND"
    assert line["possible"]["ais"] == [0, 1]
    assert line["possible"]["motor_right"] == [0, 2]
    assert line["possible"]["to_incomplete"] == ["no", "yes"]
    assert "uems" not in line["possible"]
    assert line["gained"]["lems"] == 0


def test_persons_are_matched_by_name_in_the_order_of_the_baseline_file(written):
    before, after = recovered()
    lines, summary = written({"b": before, "a": before, "only here": before}, {"a": after, "b": before, "late": after})
    assert [line["id"] for line in lines] == ["b", "a", "only here", "late"]
    assert [line.get("ais", {}).get("followup") for line in lines] == ["A", "B", None, None]
    assert [line["errors"][0]["where"] for line in lines[2:]] == ["followup: id", "baseline: id"]
    assert (summary.persons, summary.compared, summary.exit_code) == (4, 2, 2)


def test_a_name_that_occurs_twice_is_not_compared(tmp_path):
    before, after = recovered()
    paths = tmp_path / "baseline.jsonl", tmp_path / "followup.jsonl"
    write_exams(paths[0], as_batch([before, before]), ["p", "p"])
    write_exams(paths[1], as_batch([after]), ["p"])
    summary = compare_files(*paths, tmp_path / "changes.jsonl", USUAL)
    line = json.loads((tmp_path / "changes.jsonl").read_text())
    assert line["errors"] == [{"where": "baseline: id", "expected": "one examination of this name", "got": "2"}]
    assert summary.compared == 0


def test_a_refused_cell_is_told_with_its_visit(tmp_path):
    before, after = recovered()
    paths = tmp_path / "baseline.csv", tmp_path / "followup.csv"
    write_exams(paths[0], as_batch([before, before]), ["p", "q"])
    write_exams(paths[1], as_batch([after, after]), ["p", "q"])
    lines = paths[1].read_text().splitlines()
    column = lines[0].split(",").index("right_motor_C6")
    cells = lines[1].split(",")
    cells[column] = "9"
    paths[1].write_text("\n".join([lines[0], ",".join(cells), lines[2], ""]))
    compare_files(*paths, tmp_path / "changes.jsonl", USUAL)
    refused, compared = map(json.loads, (tmp_path / "changes.jsonl").read_text().splitlines())
    assert refused["errors"][0]["where"].startswith("followup: ")
    assert "right_motor_C6" in refused["errors"][0]["where"]
    assert compared["gained"]["ais"] == 1


def test_the_command_counts_who_was_left_out(tmp_path, capsys):
    before, after = recovered()
    paths = tmp_path / "baseline.jsonl", tmp_path / "followup.jsonl"
    write_exams(paths[0], as_batch([before, before]), ["p", "q"])
    write_exams(paths[1], as_batch([after]), ["p"])
    code = main(["exam", "compare", *map(str, paths), "--out", str(tmp_path / "changes.jsonl"), "--json"])
    talk = capsys.readouterr()
    assert code == 2
    assert json.loads(talk.out) == {"persons": 2, "compared": 1, "left_out": 1}
    assert "1 persons left out" in talk.err
    assert len((tmp_path / "changes.jsonl").read_text().splitlines()) == 2


def test_a_file_that_is_not_there_is_told_without_a_traceback(tmp_path, capsys):
    missing = str(tmp_path / "nothing.jsonl")
    assert main(["exam", "compare", missing, missing, "--out", str(tmp_path / "changes.jsonl")]) == 2
    assert "expected a file that can be read" in capsys.readouterr().err


def test_files_with_another_name_column_and_blanks_are_compared_as_the_options_say(tmp_path):
    before, after = recovered()
    paths = tmp_path / "baseline.csv", tmp_path / "followup.csv"
    for path, exam in zip(paths, (before, after), strict=True):
        write_exams(path, as_batch([exam]), ["p"])
        header, row, _ = path.read_text().replace("id,", "who,", 1).split("\n")
        cells = row.split(",")
        cells[header.split(",").index("dap")] = ""
        path.write_text(f"{header}\n{','.join(cells)}\n")
    target = tmp_path / "changes.jsonl"
    arguments = ["exam", "compare", *map(str, paths), "--out", str(target), "--quiet", "--id-column", "who"]
    assert main(arguments) == 2
    assert main([*arguments, "--blank", "nt"]) == 0
    (line,) = map(json.loads, target.read_text().splitlines())
    assert (line["id"], line["gained"]["uems"]) == ("p", 8)
