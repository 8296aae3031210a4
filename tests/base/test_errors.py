"""A fault says place, expectation, finding and advice, under the name that the reader used, and obeys nothing in it."""

from cordwise.base.errors import Fault, InputError


def test_an_argument_is_named_as_python_or_as_the_command_line_names_it():
    fault = Fault("mechanism_samples", "a power of 2", "3", "Give 4.", is_argument=True)
    assert str(fault) == "mechanism_samples: expected a power of 2, found 3\n    Give 4."
    assert fault.as_option().startswith("--mechanism-samples: ")


def test_a_place_in_a_file_is_named_the_same_everywhere():
    fault = Fault("x.toml: arms[1].n", "a whole number", "1.5")
    assert fault.as_option() == str(fault) == "x.toml: arms[1].n: expected a whole number, found 1.5"


def test_an_error_tells_every_fault():
    error = InputError([Fault("a", "b", "c"), Fault("d", "e", "f")])
    assert str(error) == "a: expected b, found c\nd: expected e, found f"


def test_what_a_terminal_would_obey_is_not_printed():
    assert str(Fault("a", "b", "\x1b[2J\x07x\té")) == "a: expected b, found �[2J�x�é"
