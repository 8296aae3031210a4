"""One tree of errors, and the fault: what was wrong, where, what was expected, what was found."""

from collections.abc import Iterable
from dataclasses import dataclass, field


class CordwiseError(Exception):
    """Root of every error cordwise raises on purpose."""

    exit_code = 3


@dataclass(frozen=True, slots=True)
class Fault:
    """One mistake in an input: the place, what was expected there, what was found, and what to do.

    Where the place is an argument of a Python function (`is_argument`), the command line names its own option.
    """

    where: str
    expected: str
    found: str
    advice: str = ""
    is_argument: bool = field(default=False, kw_only=True)

    def __str__(self) -> str:
        """Return the fault as the sentence a user reads."""
        return self.at(self.where)

    def as_option(self) -> str:
        """Return the fault as the command line says it, where an argument is an option."""
        return self.at(f"--{self.where.replace('_', '-')}" if self.is_argument else self.where)

    def at(self, where: str) -> str:
        """Return the fault as a sentence that names another place."""
        line = _printable(f"{where}: expected {self.expected}, found {self.found}")
        return f"{line}\n    {_printable(self.advice)}" if self.advice else line


def _printable(text: str) -> str:
    """Return a text without what a terminal would obey: files that are not text are quoted in faults too."""
    return text if text.isprintable() else "".join(one if one.isprintable() or one == "\n" else "�" for one in text)


class InputError(CordwiseError):
    """The user's file or option is wrong; carries every fault found, not the first."""

    exit_code = 2

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = tuple(faults)
        super().__init__("\n".join(str(fault) for fault in self.faults))


class EvidenceError(InputError):
    """A table of the evidence base breaks its schema."""


class ModelError(CordwiseError):
    """The model could not be solved."""
