"""`cordwise patient`: one simulated patient, with and without cells."""

from pathlib import Path

from cyclopts import App

from cordwise.cli.delivery import deliver, open_run_folder, read_source, record
from cordwise.cli.options import RunOptions

app = App(name="patient", help="Simulate one patient with and without cells.")


@app.command
def simulate(file: Path, /, *, options: RunOptions | None = None) -> None:
    """Simulate a typical patient of the kind asked for, with the cells and without.

    Parameters
    ----------
    file
        The patient file (TOML), for example patients/cervical_b.toml.
    """
    from cordwise.base.randomness import Streams
    from cordwise.patient.file import read_patient
    from cordwise.population.example_patient import example_patient_life, summary
    from cordwise.population.posterior import load_posterior

    options = options or RunOptions()
    source = read_source(file)
    request = read_patient(file)
    folder = open_run_folder(options)
    seed = options.start()
    result = example_patient_life(request, load_posterior(), Streams(seed))
    if folder:
        from cordwise.present.pictures import patient_picture_png

        folder.write("patient.png", patient_picture_png(result))
    provenance = record("patient simulate", file, source, seed)
    deliver(result, summary(result), folder=folder, provenance=provenance, source=source, options=options)
