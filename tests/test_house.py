"""Rules of the house, read from the source of the whole package."""

from collections import defaultdict

import pytest
from verification import house


@pytest.fixture(scope="module")
def package():
    return house.modules()


def folders(package):
    """Return the folders that hold modules."""
    return sorted({module.path.parent for module in package.values()})


def test_no_two_public_classes_have_one_name(package):
    homes = defaultdict(list)
    for module in package.values():
        for name in house.public_classes(module):
            homes[name].append(module.name)
    assert {name: found for name, found in homes.items() if len(found) > 1} == {}


def test_every_room_says_in_a_sentence_what_it_is(package):
    for folder in folders(package):
        opening = house.docstring(folder / "__init__.py")
        assert opening, folder
        assert "TODO" not in opening, folder


def test_every_room_and_every_room_of_the_statistics_has_a_readme(package):
    rooms = [each for each in folders(package) if each.parent in (house.SOURCE, house.SOURCE / "stats")]
    assert [str(each) for each in rooms if not (each / "README.md").is_file()] == []


def test_the_name_of_a_module_says_what_lies_in_it(package):
    assert [name for name in package if set(name.split(".")) & house.SAYS_NOTHING] == []


def test_no_file_is_too_long(package):
    assert {each.name: each.lines for each in package.values() if each.lines > house.MOST_LINES_OF_A_FILE} == {}


def test_no_function_is_too_long(package):
    found = [(each.name, *function) for each in package.values() for function in house.functions(each)]
    assert [each for each in found if each[2] > house.MOST_LINES_OF_A_FUNCTION] == []


def test_no_room_holds_more_than_its_part_of_the_package(package):
    rooms = house.lines_by_room(package)
    most = house.MOST_OF_A_ROOM * sum(rooms.values())
    assert {room: lines for room, lines in rooms.items() if lines > most} == {}


def test_nothing_imports_in_a_circle(package):
    assert house.circles(package) == []


def test_a_circle_would_be_found(tmp_path, monkeypatch):
    for name, text in (("a/one.py", "from p.b import two"), ("b/two.py", "def f():\n    import p.a.one"), ("c.py", "")):
        (tmp_path / "p" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "p" / name).write_text(text)
    monkeypatch.setattr(house, "SOURCE", tmp_path / "p")
    assert house.circles(house.modules()) == [("p.a", "p.b")]
