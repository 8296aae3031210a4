"""`cordwise exam classify`: the answer of the batch for one examination, as a page and as JSON."""

import json

import polars as pl
import pytest

from cordwise.cli import main
from cordwise.isncsci import OUTPUTS
from cordwise.isncsci.explanation.sentences import TITLES
from cordwise.isncsci.files.formats import write_exams
from cordwise.isncsci.files.writing import json_lines
from reference.isncsci_exams import lesion_at, normal_exam
from reference.isncsci_open_exams import random_open_exams
from reference.isncsci_worksheet import worksheet

COUNT = 6
RESEARCH = "For research and trial planning, not for decisions about a patient's care."


@pytest.fixture
def exams():
    return random_open_exams(74, COUNT, most_completions=300)


@pytest.fixture
def classified(capsys):
    """Run the command and return its exit code, what it printed and its complaints."""

    def run(*arguments):
        code = main(["exam", "classify", *map(str, arguments)])
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run


@pytest.fixture
def one_object(tmp_path):
    """Write one worksheet as an indented JSON object, with some cells written otherwise."""

    def write(exam, **cells):
        record = json.loads(next(json_lines(worksheet(exam), ["p1"])))
        for path, value in cells.items():
            *outer, last = path.split(".")
            block = record
            for key in outer:
                block = block[key]
            block[last] = value
        path = tmp_path / "exam.json"
        path.write_text(json.dumps(record, indent=2))
        return path

    return write


@pytest.mark.parametrize("kind", ["jsonl", "csv", "parquet"])
@pytest.mark.parametrize("rule", ["standard", "peer"])
def test_each_examination_gets_the_answer_of_the_batch(exams, classified, tmp_path, kind, rule):
    source, answers = tmp_path / f"exams.{kind}", tmp_path / "answers.jsonl"
    write_exams(source, exams, [f"p{row}" for row in range(COUNT)])
    options = ["--non-key-zpp", rule, "--blank", "na"]
    assert main(["exam", "batch", str(source), "--out", str(answers), "--quiet", *options]) == 0
    for line in map(json.loads, answers.read_text().splitlines()):
        code, out, err = classified(source, "--id", line["id"], "--explain", "--json", *options)
        found = json.loads(out)
        steps = found.pop("steps")
        assert (code, found) == (0, line)
        assert RESEARCH in err
        assert [step["output"] for step in steps] == list(TITLES)
        assert {step["output"]: step["value"] for step in steps if step["output"] in OUTPUTS}.items() <= line.items()
        assert all({"output", "value", "reason", "where", "words"} <= set(step) for step in steps)


def test_the_page_explains_in_sections(one_object, classified):
    code, out, _ = classified(one_object(lesion_at("C6", sacral=True)), "--explain")
    headings = ["Levels", "Completeness", "ASIA Impairment Scale (AIS)", "Zones of partial preservation (ZPP)"]
    places = [out.index(f"\n{heading}\n") for heading in headings] + [out.index("\nTotals ")]
    assert (code, places) == (0, sorted(places))
    assert "  Right motor level C6: C7 is the first key muscle that is not normal, and it is weaker than 3" in out
    assert out.endswith(f"{RESEARCH}\n")
    assert max(map(len, out.splitlines())) <= 100


def test_the_short_page_is_like_a_worksheet(one_object, classified):
    exam = lesion_at("C6")
    exam["right"]["motor"]["C7"], exam["left"]["pin_prick"]["T3"] = "2*", "NT"
    _, out, _ = classified(one_object(exam))
    lines = [line.split() for line in out.splitlines()]
    assert ["Motor", "level", "C6,C7*", "C6"] in lines
    assert ["AIS:", "A"] in lines
    assert ["Pin", "prick", "10", "ND", "ND"] in lines
    assert "* Other than the scores as examined would give" in out
    assert "ND: not determinable" in out
    assert "NA: " not in out
    assert out.endswith(f"{RESEARCH}\n")


def test_findings_that_contradict_each_other_are_told_everywhere(one_object, classified, tmp_path):
    exam = normal_exam() | {"dap": False}
    path = one_object(exam)
    warning = "Deep anal pressure is absent although light touch and pin prick at S4-5 are normal"
    for option in ((), ("--explain",)):
        assert f"Warning: {warning}" in classified(path, *option)[1]
    (told,) = json.loads(classified(path, "--json")[1])["warnings"]
    assert told.startswith(warning)
    source, answers = tmp_path / "exams.jsonl", tmp_path / "answers.jsonl"
    source.write_text(
        "".join(f"{line}\n" for each in (exam, normal_exam()) for line in json_lines(worksheet(each), [1]))
    )
    assert main(["exam", "batch", str(source), "--out", str(answers), "--quiet"]) == 0
    first, second = map(json.loads, answers.read_text().splitlines())
    assert first["warnings"] == [told]
    assert "warnings" not in second
    for kind, shown in (("parquet", [told]), ("csv", told)):
        table = tmp_path / f"answers.{kind}"
        assert main(["exam", "batch", str(source), "--out", str(table), "--quiet"]) == 0
        rows = pl.read_csv(table) if kind == "csv" else pl.read_parquet(table)
        assert rows["warnings"].to_list() == [shown, None]


def test_options_of_the_reader_are_those_of_the_batch(one_object, classified):
    old = one_object(lesion_at("C6"), **{"right.motor.C5": "5*"})
    assert classified(old)[0] == 2
    code, _, err = classified(old, "--legacy-5-star")
    assert (code, "1 motor scores 5* were read as 5" in err) == (0, True)
    blank = one_object(lesion_at("C6"), dap=None)
    assert classified(blank)[0] == 2
    _, out, _ = classified(blank, "--blank", "na", "--explain")
    assert "deep anal pressure (not recorded)" in " ".join(out.split())


def test_every_fault_of_an_examination_is_told(one_object, classified):
    path = one_object(lesion_at("C6"), **{"right.motor.C5": "6", "left.light_touch.T4": "3", "vac": "maybe"})
    code, out, err = classified(path, "--explain")
    assert (code, out) == (2, "")
    assert all(cell in err for cell in ("right.motor.C5", "left.light_touch.T4", "vac"))


def test_one_examination_must_be_meant(exams, classified, tmp_path):
    source = tmp_path / "exams.csv"
    write_exams(source, exams, [1, 1, 2, 3, 4, 5])
    code, _, err = classified(source, "--blank", "na")
    assert (code, "--id NAME" in err, "6 of them: 1, 1, 2, 3, 4, …" in err) == (2, True, True)
    assert "2 examinations have" in classified(source, "--id", "1", "--blank", "na")[2]
    assert "no examination has" in classified(source, "--id", "9")[2]
    assert classified(source, "--id", "2", "--blank", "na")[0] == 0


@pytest.mark.parametrize("name", ["absent.json", "absent.csv", "exam.txt", "exam"])
def test_a_file_that_is_none_is_the_users_mistake(classified, tmp_path, name):
    code, out, err = classified(tmp_path / name)
    assert (code, out) == (2, "")
    assert "expected a file" in err


@pytest.mark.parametrize("text", ["", "[]", "{", '{"id": "p1"}', "\xff"])
def test_what_holds_no_examination_is_refused(classified, tmp_path, text):
    path = tmp_path / "exam.json"
    path.write_bytes(text.encode("latin-1"))
    assert classified(path)[0] == 2
