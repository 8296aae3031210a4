"""`cordwise patient`: one simulated patient, with and without cells."""

from cyclopts import App

from cordwise.cli.delivery import hand_over, open_run_folder
from cordwise.cli.options import PatientName, RunOptions

app = App(name="patient", help="Simulate one patient with and without cells.")


@app.command
def simulate(file: PatientName, /, *, options: RunOptions | None = None) -> None:
    """Simulate a typical patient of the kind asked for, with the cells and without.

    Parameters
    ----------
    file
        The patient file (TOML), or the name of a shipped one, for example cervical_b.
    """
    from cordwise.patient.file import read_patient
    from cordwise.population.example_patient import simulate_patient

    options = options or RunOptions()
    request = read_patient(file)
    folder = open_run_folder(options)
    life = simulate_patient(
        request, seed=options.start("patient simulate"), workers=options.workers, quiet=options.quiet
    )
    if folder:
        from cordwise.present.pictures import patient_picture_png

        folder.write("patient.png", patient_picture_png(life))
    hand_over(life, request.origin, folder, options)
