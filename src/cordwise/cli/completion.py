"""`cordwise --install-completion`: let the shell complete commands, options and the names of examples."""

from pathlib import Path
from typing import Literal

from cordwise.base.errors import Fault, InputError

Shell = Literal["bash", "zsh", "fish", "powershell"]


def install_completion(*, shell: Shell | None = None, out: Path | None = None) -> None:
    """Write the completion script where the shell looks for it, and have new shells load it.

    Parameters
    ----------
    shell
        bash, zsh, fish or powershell; the one you are in when left out.
    out
        Write the script here instead, and leave the shell's own files alone.
    """
    from cyclopts.completion import ShellDetectionError

    from cordwise.cli import app

    try:
        written = app.install_completion(shell=shell, output=out, add_to_startup=out is None)
    except ShellDetectionError as error:
        fault = Fault("--shell", "bash, zsh, fish or powershell", "a shell that cannot be told")
        raise InputError([fault]) from error
    print(f"Written: {written}. New shells complete cordwise.")
