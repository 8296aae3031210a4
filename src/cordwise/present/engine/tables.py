"""The tables of verifications and benchmarks of the engine, a plain value in each cell."""

from cordwise.cord.verification.result import EngineBenchmark, EngineVerification, MeasuredPeer
from cordwise.present.presenters import Rows


def preset_rows(result: EngineVerification) -> Rows:
    """Return one row for each preset with its errors."""
    return [
        {
            "preset": name,
            "steps_a_year": found.steps_a_year,
            "error_p99": found.error_p99,
            "error_max": found.error_max,
            "fields_error_p99": found.fields.error_p99,
            "fields_error_max": found.fields.error_max,
        }
        for name, found in result.presets.items()
    ]


def quantity_rows(result: EngineVerification) -> Rows:
    """Return one row for each preset and quantity that is read out."""
    return [
        {"preset": name, "quantity": quantity, "error_p99": errors.error_p99, "error_max": errors.error_max}
        for name, found in result.presets.items()
        for quantity, errors in found.quantities.items()
    ]


def solver_rows(result: EngineBenchmark) -> Rows:
    """Return one row for the engine and one for each solver that was timed; speeds are of one core."""
    own = {
        "solver": "cordwise",
        "rtol": None,
        "patients_per_second": result.patients_per_second_per_core,
        "error_p99": result.error_p99,
        "error_max": result.error_max,
        "ratio": 1.0,
    }
    peers = [
        {
            "solver": name,
            "rtol": peer.rtol,
            "patients_per_second": peer.patients_per_second,
            "error_p99": peer.error_p99,
            "error_max": peer.error_max,
            "ratio": peer.ratio,
        }
        for name, peer in result.peers.items()
        if isinstance(peer, MeasuredPeer)
    ]
    return [own, *peers]
