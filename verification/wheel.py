"""Build the wheel, install it in an environment of its own, and use it in an empty folder: commands and Python.

Needs the package index for what the wheel depends on; `uv` must be at hand as a module (`make setup` puts it there).
"""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parents[1]
UV = (sys.executable, "-m", "uv")


def main() -> int:
    """Return 0 when everything ran."""
    tools = {**os.environ, "PYTHONPATH": str(ROOT / ".tools")}
    with TemporaryDirectory() as name:
        place = Path(name)
        empty, environment = place / "empty", place / "environment"
        empty.mkdir()
        run(*UV, "build", "--quiet", "--wheel", "--out-dir", place, ROOT, env=tools)
        (wheel,) = place.glob("*.whl")
        pinned = place / "constraints.txt"
        run(
            *UV,
            "export",
            "--quiet",
            "--frozen",
            "--no-hashes",
            "--no-emit-project",
            "--project",
            ROOT,
            "--output-file",
            pinned,
            env=tools,
        )
        run(*UV, "venv", "--quiet", "--python", sys.executable, environment, env=tools)
        python = environment / "bin" / "python"
        run(*UV, "pip", "install", "--quiet", "--python", python, "--constraint", pinned, wheel, env=tools)
        cordwise = environment / "bin" / "cordwise"
        run(cordwise, "examples", cwd=empty)
        run(cordwise, "appraise", "honmou2021", "--draws", "8", "--patients", "2000", "--seed", "1", cwd=empty)
        for kind in ("study", "design", "patient", "mapping", "experiment"):
            run(cordwise, "init", kind, "--out", f"my_{kind}.toml", cwd=empty)
            run(cordwise, "check", f"my_{kind}.toml", cwd=empty)
        run(python, ROOT / "verification" / "python_door.py", cwd=empty)
    return 0


def run(*command: object, cwd: Path = ROOT, env: dict[str, str] | None = None) -> None:
    """Run a command, its output shown; stop at the first that fails."""
    print("$", *(Path(str(part)).name if "/" in str(part) else part for part in command), flush=True)
    subprocess.run([str(part) for part in command], cwd=cwd, env=env, check=True)


if __name__ == "__main__":
    sys.exit(main())
