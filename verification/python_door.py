"""Every name of the Python door, as a notebook would use it; run it in an empty folder.

`python verification/wheel.py` runs it against the wheel, installed where nothing of the repository is at hand.
"""

import sys
import time
from collections.abc import Callable
from pathlib import Path

import cordwise as cw

FAST = {"draws": 4, "patients": 1_000}
FEW = {"replicates": 100, "sets": 10}


def main() -> None:
    """Use every name, show what each says, and check what must hold."""
    for step in (studies, trials, people, examinations, registries, experiments, library, mistakes):
        started = time.perf_counter()
        step()
        print(f"-- {step.__name__}: {time.perf_counter() - started:.1f} s", flush=True)


def studies() -> None:
    study = cw.read_study("honmou2021")
    found = cw.appraise(study, seed=1, **FAST)
    shown(found)
    assert cw.appraise("honmou2021", seed=1, **FAST).to_dict() == found.to_dict()


def trials() -> None:
    design = cw.read_design("subacute_msc")
    result = cw.simulate_trial(design, seed=1, **FEW)
    shown(result)
    bigger = design.with_(size={"total": 200})
    assert bigger.size.total == 200 != design.size.total
    shown(cw.compare_trials([design, bigger], seed=1, **FEW))
    shown(cw.search_designs("subacute_msc", seed=1, **FEW))
    shown(cw.escalate("escalation_msc", seed=1, replicates=100))
    table = cw.sweep(design, {"size.total": [80, 120]}, seed=1, **FEW)
    shown(table)


def people() -> None:
    person = cw.read_patient("central_c")
    life = cw.simulate_patient(person, days=[14, 90, 365], seed=1)
    shown(life)
    frame = cw.simulate_population(300, days=[14, 365], seed=1)
    assert frame.height == 600
    print(frame.head(3))


def examinations() -> None:
    graded = cw.classify("registry.csv")
    shown(graded)
    explained = cw.explain("examination")
    shown(explained)


def registries() -> None:
    assert cw.choose_population(registry="emsci").words == "EMSCI"
    shown(cw.check_population("my_registry", draws=4, patients=1_000, seed=1))


def experiments() -> None:
    shown(cw.run_experiment(cw.read_experiment("t06_graft_timing"), worlds=4, seed=1))
    cw.read_search("searches/subacute_msc")
    cw.read_escalation("escalation_msc")


def library() -> None:
    limits = cw.stats.sequential.boundaries
    print(f"cw.stats: {', '.join(cw.stats.__all__)}; {limits.__name__}: {(limits.__doc__ or '').splitlines()[0]}")
    assert cw.AIS.A < cw.AIS.E
    assert issubclass(cw.InputError, cw.CordwiseError)
    assert issubclass(cw.ModelError, cw.CordwiseError)
    assert isinstance(cw.read_design("subacute_msc"), cw.Design)
    assert isinstance(cw.read_study("keio_ips2025"), cw.Study)
    assert cw.isncsci.__doc__


def mistakes() -> None:
    for wrong in (
        lambda: cw.read_design("subacute"),
        lambda: cw.read_study("subacute_msc"),
        lambda: cw.simulate_trial("subacute_msc", replicates=0, seed=1),
        lambda: cw.read_design("subacute_msc").with_(size={"total": -1}),
    ):
        told = fault_of(wrong)
        print(told)
        assert told
        assert "--" not in told


def fault_of(call: Callable[[], object]) -> str:
    """Return what a call says is wrong with its input; empty where it takes it."""
    try:
        call()
    except cw.InputError as error:
        return str(error)
    return ""


def shown(result: cw.Result) -> None:
    """Show a result in each of its ways."""
    text, values = str(result), result.to_dict()
    assert text.strip()
    assert values
    for part in result.parts:
        result.to_frame(part)
    for name in result.charts:
        assert result.chart(name).to_dict()["$schema"]
    report = result.report(Path(f"{result.kind}.html"))
    assert report.stat().st_size > 1_000
    assert result._repr_html_()
    print(f"{type(result).__name__}: tables {', '.join(result.parts)}; charts {', '.join(result.charts) or 'none'}")
    print("   " + text.strip().splitlines()[0][:110])


if __name__ == "__main__":
    sys.exit(main())
