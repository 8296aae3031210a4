"""The `cordwise` command: one file for each group of commands, imported only when it is called."""

import errno
import sys
from collections.abc import Sequence

from cyclopts import App, CycloptsError

from cordwise.base.errors import CordwiseError, InputError

_WRONG_PATH = (errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG, errno.ELOOP)

app = App(
    name="cordwise",
    help="In-silico cell-therapy trials for spinal cord injury. For research and trial planning with simulated "
    "patients; not for decisions about a patient's care.",
    help_format="plaintext",  # the one for Markdown takes as long to import as all else for `--help`
    suppress_keyboard_interrupt=False,  # `main` says that nothing is left half-written
)
app.command("cordwise.cli.appraise:appraise", name="appraise", help="Compare a published claim with natural recovery.")
app.command("cordwise.cli.trial:app", name="trial", help="Simulate trial designs.")
app.command("cordwise.cli.patient:app", name="patient", help="Simulate one patient with and without cells.")
app.command("cordwise.cli.population:app", name="population", help="Check or refit the virtual population.")
app.command("cordwise.cli.cord:app", name="cord", help="Compare conditions of an experiment on the cord.")
app.command("cordwise.cli.exam:app", name="exam", help="Classify ISNCSCI examinations.")
app.command("cordwise.cli.evidence:app", name="evidence", help="List, show and check the evidence base.")
app.command("cordwise.cli.engine:app", name="engine", help="Check the engine, time it, and export the model as SBML.")
app.command("cordwise.cli.examples:examples", name="examples", help="List the example inputs, or copy them.")
app.command("cordwise.cli.init:init", name="init", help="Write a commented starting file of your own.")
app.command("cordwise.cli.check:check", name="check", help="Check an input file; nothing is simulated.")
app.command("cordwise.cli.schema:schema", name="schema", help="Print the JSON schema of an input file.")
app.command("cordwise.cli.warm:warm", name="warm", help="Compile now what commands will need.")
app.command("cordwise.cli.bank:app", name="bank", help="Say what is kept between commands, or remove it.")
app.command("cordwise.cli.status:status", name="status", help="Say what a run folder holds, and whether it is whole.")
app.command("cordwise.cli.rerun:rerun", name="rerun", help="Run the command of a run folder again, and compare.")
app.command("cordwise.cli.report:report", name="report", help="Make the report of a finished run again.")
app.command(
    "cordwise.cli.completion:install_completion",
    name="--install-completion",
    help="Let your shell complete commands, options and names of examples.",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 2 the user's input, 3 the model could not be solved."""
    try:
        code = app(arguments, exit_on_error=False, print_error=True, result_action="return_int_as_exit_code_else_zero")
    except CycloptsError:
        return 2
    except InputError as error:
        print("\n".join(fault.as_option() for fault in error.faults), file=sys.stderr)
        return error.exit_code
    except CordwiseError as error:
        print(error, file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except MemoryError as error:
        print(f"Out of memory{f': {error}' if str(error) else ''}. Ask for fewer patients.", file=sys.stderr)
        return CordwiseError.exit_code
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        is_wrong_path = error.errno in _WRONG_PATH
        advice = "Check the path." if is_wrong_path else "Make room there, or mend its permissions."
        print(f"{place}{error.strerror or error}. {advice}", file=sys.stderr)
        return InputError.exit_code if is_wrong_path else CordwiseError.exit_code
    except KeyboardInterrupt:
        print("Stopped. Nothing half-written was left behind.", file=sys.stderr)
        return 130
    return code
