"""Lines of JSON whose keys are known: a decoder for just these keys, learnt from one line that was read with care.

The lines that a program exports share their keys.  Such a line is decoded by msgspec into structs of these keys, none
more and none less, and its values become numbers of words, of which whole tables are made into codes.  A line with
other keys, with a key twice, or with a value that is no word is left to the general reader: nothing is guessed.
"""

from collections.abc import Callable, Container, Iterator, Mapping, Sequence
from enum import StrEnum
from itertools import chain
from operator import attrgetter, itemgetter
from typing import Any, Final, NamedTuple

import msgspec
import numpy as np
from jaxtyping import Int8
from numpy import ndarray

from cordwise.isncsci.files.score_codes import ILLEGAL
from cordwise.isncsci.worksheet import FAMILIES

_MOST_WORDS: Final = 255
_ANY_SCALAR: Final = str | int | float | bool | None


class Text(StrEnum):
    """A legal text as it comes out of the decoder: the character that has the number of the word."""

    def __new__(cls, text: str, number: int) -> "Text":
        """Return the word that is known in JSON by its text."""
        made = str.__new__(cls, chr(number))
        made._value_ = text
        return made

    __hash__ = str.__hash__


class Vocabulary:
    """Everything that may stand in a cell of a file, each word with a number, and its code in each kind of cell.

    Parameters
    ----------
    tables
        The codes of the texts of each kind of cell, or of choices.
    """

    def __init__(self, tables: Mapping[str, Mapping[str, int]]) -> None:
        words = {kind: _words_of(texts) for kind, texts in tables.items()}
        known = list(dict.fromkeys(chain.from_iterable(words.values())))[:_MOST_WORDS]
        texts = {f"text{number}": (word, number) for number, word in enumerate(known) if isinstance(word, str)}
        text_type: Any = Text("LegalText", texts)
        self.numbers: dict[Any, int] = {word: number for number, word in enumerate(known) if not isinstance(word, str)}
        self.numbers |= {text: ord(text) for text in text_type}
        self.codes = {
            kind: np.array([table.get(word, ILLEGAL) for word in known], np.int8) for kind, table in words.items()
        }
        truths = {kind for kind, table in words.items() if any(isinstance(word, bool) for word in table)}
        self.types: dict[str, Any] = {kind: text_type | None | (bool if kind in truths else int) for kind in words}


def _words_of(texts: Mapping[str, int]) -> dict[str | int | bool | None, int]:
    """Return the legal texts, and what JSON has for them beside texts, with their codes.

    Python takes true for 1: where 1 or 0 is a word, true and false are none.  A text with a colon looks like a key.
    """
    legal = {text: code for text, code in texts.items() if code != ILLEGAL and ":" not in text}
    words: dict[str | int | bool | None, int] = dict(legal)
    words |= {int(text): code for text, code in legal.items() if text.isdecimal() and str(int(text)) == text}
    if not words.keys() & {0, 1}:
        words |= {text == "true": code for text, code in legal.items() if text in ("true", "false")}
    return words | ({None: legal[""]} if "" in legal else {})


class Role(NamedTuple):
    """What the value of a key stands for: its place in a row of codes, and the kind of cell that this is."""

    place: int
    kind: str


class Found(NamedTuple):
    """What some lines hold: the names of exams as JSON tokens, by line, and for each the numbers of its words."""

    names: dict[int, str]
    numbers: list[bytes]


class Shape:
    """The keys of a line, nested as they are there, and what they stand for.

    Parameters
    ----------
    record
        The object of a line, without lists and empty objects.
    name
        The path of the key that names the exam: the keys that lead there, joined by dots.
    roles
        What the keys of cells and choices stand for, by their paths.
    vocabulary
        What may stand there.
    """

    def __init__(self, record: Mapping[str, Any], name: str, roles: Mapping[str, Role], vocabulary: Vocabulary) -> None:
        types = {path: vocabulary.types[role.kind] for path, role in roles.items()} | {name: str | int}
        self._decode = msgspec.json.Decoder(_struct(record, "", types)).decode
        self._vocabulary = vocabulary
        blocks = list(_blocks(record))
        attributes = {path: attribute for block in blocks for path, attribute in block.attributes.items()}
        self._keys = len(attributes)
        self._name = attrgetter(attributes[name])
        inner = {block.path for block in blocks}
        texts = attributes.keys() - roles.keys() - inner
        self._texts = [attrgetter(attributes[path]) for path in texts]
        scores = {path for path, role in roles.items() if role.kind in FAMILIES}
        self._scores, self._others = (list(_parts(blocks, chosen)) for chosen in (scores, roles.keys() - scores))
        order = [path for block in blocks for path in block.attributes if path in roles]
        self._roles = [roles[path] for path in sorted(order, key=lambda path: path not in scores)]

    def read(self, lines: Mapping[int, bytes]) -> Found:
        """Return what the lines of this shape hold, and leave all others out."""
        decode, number_of = self._decode, self._vocabulary.numbers.__getitem__
        found = Found({}, [])
        for row, line in lines.items():
            try:
                exam = decode(line)
                scores, others = _values(exam, self._scores), _values(exam, self._others)
                numbers = _characters(scores) or bytes(map(number_of, scores))
                numbers += bytes(map(number_of, others))
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, KeyError):
                continue
            colons = self._keys
            for text in self._texts:
                colons += str(text(exam)).count(":")
            name = self._name(exam)
            # Where there are more colons, a key stands twice; an escaped one would not be seen.
            if line.count(b":") == colons and b"\\" not in line and name != "":
                found.names[row] = f'"{name}"' if isinstance(name, str) else str(name)
                found.numbers.append(numbers)
        return found

    def fill(self, table: Int8[ndarray, "place row"], numbers: Sequence[bytes]) -> None:
        """Write the codes of some lines, read before, into the places that the values of this shape take."""
        rows = np.frombuffer(b"".join(numbers), np.uint8).reshape(len(numbers), len(self._roles)).T
        for row, role in zip(rows, self._roles, strict=True):
            table[role.place] = self._vocabulary.codes[role.kind][row]


class _Block(NamedTuple):
    """One object of a line: its path, and how its struct, and by their paths its values, are reached."""

    path: str
    attribute: str
    attributes: dict[str, str]


def _blocks(record: Mapping[str, Any], path: str = "", attribute: str = "") -> Iterator[_Block]:
    """Yield an object and all that it holds."""
    paths = [f"{path}.{key}" if path else key for key in record]
    attributes = {each: f"{attribute}.f{number}" if attribute else f"f{number}" for number, each in enumerate(paths)}
    yield _Block(path, attribute, attributes)
    for each, value in zip(paths, record.values(), strict=True):
        if isinstance(value, Mapping):
            yield from _blocks(value, each, attributes[each])


class _Part(NamedTuple):
    """A struct with cells: how it is reached, and how cells are chosen from its values; None where all are cells."""

    struct: Callable[[Any], Any]
    chosen: Callable[[Any], Any] | None


def _parts(blocks: Sequence[_Block], paths: Container[str]) -> Iterator[_Part]:
    for block in blocks:
        cells = [number for number, path in enumerate(block.attributes) if path in paths]
        if cells:
            chosen = itemgetter(*cells) if len(cells) > 1 else itemgetter(slice(cells[0], cells[0] + 1))
            struct = attrgetter(block.attribute) if block.attribute else lambda exam: exam
            yield _Part(struct, None if len(cells) == len(block.attributes) else chosen)


def _values(exam: msgspec.Struct, parts: Sequence[_Part]) -> list[Any]:
    """Return the values of cells, in the order of the parts."""
    values: list[Any] = []
    for struct, chosen in parts:
        block = msgspec.structs.astuple(struct(exam))
        values += chosen(block) if chosen else block
    return values


def _characters(values: Sequence[Any]) -> bytes | None:
    """Return the numbers of words that are all texts, None for others."""
    try:
        return "".join(values).encode("latin-1")
    except TypeError:
        return None


def _struct(record: Mapping[str, Any], path: str, types: Mapping[str, Any]) -> type[msgspec.Struct]:
    """Return the struct of an object; its fields are numbered, and known in JSON by their keys."""
    fields = []
    for number, (key, value) in enumerate(record.items()):
        inner = f"{path}.{key}" if path else key
        kind = _struct(value, inner, types) if isinstance(value, Mapping) else types.get(inner, _ANY_SCALAR)
        fields.append((f"f{number}", kind))
    names = {field: key for (field, _), key in zip(fields, record, strict=True)}
    return msgspec.defstruct("Object", fields, rename=names, forbid_unknown_fields=True, gc=False)
