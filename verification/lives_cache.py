"""Whatever befalls the folder of simulated tissue, an answer is the same to the byte: a table of faults and answers.

Run it with `python verification/lives_cache.py`; `make verify` does.  Every line is a whole command in a process of its
own, in a cache folder made for it; compiled code is that of the user.
"""

import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cordwise.base.cache_folder import cache_root

COMMAND = ("appraise", "keio_ips2025", "--seed", "1", "--json", "--draws", "20", "--patients", "30")
PROGRAM = (sys.executable, "-m", "cordwise")
SAID = "cannot be written"


@dataclass(frozen=True)
class Case:
    """A fault, what it does to the folder before or while the command runs, and whether the command has to say so."""

    name: str
    before: Callable[[Path], object] = lambda _: None
    during: Callable[[Path], object] | None = None
    processes: int = 1
    says: bool = False
    keeps: bool = True  # whether the folder is as it was when first filled, in the end


def main() -> int:
    """Print the table; return 1 when an answer, a word or a file is not what it has to be."""
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        filled, expected, _, _ = _run(Case("empty"), place, 0)
        kept, failed = _content(filled), 0
        print(f"cordwise {' '.join(COMMAND)}: {len(expected[0]):,} bytes, {len(kept)} files of tissue kept\n")
        print(f"{'the folder':<58}{'s':>6}  {'answer':<10}{'says so':<9}files afterwards")
        for number, case in enumerate(_cases(filled), 1):
            folder, answers, told, seconds = _run(case, place, number)
            same = all(each == expected[0] for each in answers)
            whole = _content(folder) == kept
            failed += not same or told != case.says or (case.keeps and not whole)
            files = f"{len(_content(folder))}, {'as first filled' if whole else 'others'}"
            print(f"{case.name:<58}{seconds:6.1f}  {'the same' if same else 'DIFFERS':<10}{_yes(told):<9}{files}")
    print(f"\n{'Some did not hold.' if failed else 'All held.'}")
    return int(bool(failed))


def _cases(filled: Path) -> Iterator[Case]:
    def warm(folder: Path) -> None:
        shutil.copytree(filled, folder)

    def after(change: Callable[[list[Path]], object]) -> Callable[[Path], object]:
        def prepare(folder: Path) -> None:
            warm(folder)
            change(sorted(folder.glob("*.arrays")))

        return prepare

    yield Case("empty, once more")
    yield Case("warm", warm)
    yield Case("warm, emptied again and again while the command runs", warm, _empty_again_and_again, keeps=False)
    yield Case("empty, removed again and again while the command runs", during=_remove_again_and_again, keeps=False)
    yield Case("empty, two processes fill it at once", processes=2)
    yield Case("every file cut in half", after(_each(lambda content: content[: len(content) // 2])))
    yield Case("every file empty", after(_each(lambda _: b"")))
    yield Case("one bit of every file changed", after(_each(_with_a_bit_changed)))
    yield Case("every file under the name of another", after(_rotate))
    yield Case("every file random bytes", after(_each(lambda content: random.Random(1).randbytes(len(content)))))
    yield Case("a file in its place", lambda folder: folder.write_text("no folder"), says=True, keeps=False)
    if _heeds_modes(filled.parent):
        yield Case("read-only and warm", lambda folder: (warm(folder), folder.chmod(0o500)))
        yield Case("read-only and empty", lambda folder: folder.mkdir(mode=0o500), says=True, keeps=False)


def _run(case: Case, place: Path, number: int) -> tuple[Path, list[bytes], bool, float]:
    """Return the folder of a case, the answers, whether any process said that nothing can be kept, and seconds."""
    root = place / str(number)
    folder = root / "arrays"
    root.mkdir()
    compiled = cache_root() / "compiled"
    compiled.mkdir(parents=True, exist_ok=True)
    (root / "compiled").symlink_to(compiled, target_is_directory=True)
    case.before(folder)
    environment, start = os.environ | {"CORDWISE_CACHE": str(root)}, time.perf_counter()
    running = [_started(environment) for _ in range(case.processes)]
    if case.during:
        threading.Thread(target=_while_running, args=(case.during, folder, running), daemon=True).start()
    printed = [each.communicate() for each in running]
    if any(each.returncode for each in running):
        raise SystemExit("\n".join(words.decode() for _, words in printed))
    seconds = time.perf_counter() - start
    return folder, [out for out, _ in printed], any(SAID in words.decode() for _, words in printed), seconds


def _started(environment: Mapping[str, str]) -> subprocess.Popen:
    return subprocess.Popen((*PROGRAM, *COMMAND), env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def _while_running(change: Callable[[Path], object], folder: Path, running: list[subprocess.Popen]) -> None:
    while any(each.poll() is None for each in running):
        change(folder)
        time.sleep(0.01)


def _empty_again_and_again(folder: Path) -> None:
    with suppress(OSError):
        for path in folder.iterdir():
            path.unlink(missing_ok=True)


def _remove_again_and_again(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)


def _each(change: Callable[[bytes], bytes]) -> Callable[[list[Path]], None]:
    def every(files: list[Path]) -> None:
        for path in files:
            path.write_bytes(change(path.read_bytes()))

    return every


def _with_a_bit_changed(content: bytes) -> bytes:
    place = random.Random(len(content)).randrange(len(content))
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def _rotate(files: list[Path]) -> None:
    contents = [path.read_bytes() for path in files]
    for path, content in zip(files, [*contents[1:], contents[0]], strict=True):
        path.write_bytes(content)


def _content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.is_dir() else {}


def _heeds_modes(place: Path) -> bool:
    """Say whether a folder's mode keeps this user from writing; root may write anywhere."""
    probe = place / "probe"
    probe.mkdir(mode=0o500)
    return not os.access(probe, os.W_OK)


def _yes(told: bool) -> str:
    return "yes" if told else "no"


if __name__ == "__main__":
    sys.exit(main())
