"""The results of a verification and of a benchmark in lines that a person reads."""

from collections.abc import Iterator

from cordwise.cord.verification.result import (
    EngineBenchmark,
    EngineVerification,
    MeasuredGpu,
    MeasuredPeer,
    MissingGpu,
    MissingPeer,
)
from cordwise.present.columns import columns

_SOLVER_HEADINGS = ("solver", "patients/s/core", "p99", "largest", "engine is")


def verification_text(result: EngineVerification) -> str:
    """Return the errors as a table with what they mean."""
    return "\n".join(_verification_lines(result))


def benchmark_text(result: EngineBenchmark) -> str:
    """Return speeds, errors and ratios as a table."""
    return "\n".join(_benchmark_lines(result))


def _verification_lines(result: EngineVerification) -> Iterator[str]:
    reference = result.reference
    yield f"{result.patients} simulated patients at {len(result.days)} visits over a year, against LSODA at a"
    yield f"relative tolerance of {reference.rtol:g} (itself exact to {reference.error_max:.0e})."
    yield "Error: relative to the value, or to 5% of the peak where the value is smaller."
    yield ""
    yield f"{'preset':<12}{'steps':>7}{'p99':>10}{'largest':>10}{'fields p99':>13}{'largest':>10}"
    for name, found in result.presets.items():
        fields = found.fields
        yield (
            f"{name:<12}{found.steps_a_year:>7}{found.error_p99:>10.1e}{found.error_max:>10.1e}"
            f"{fields.error_p99:>13.1e}{fields.error_max:>10.1e}"
        )
    yield ""
    yield f"{'standard preset':<22}{'p99':>10}{'largest':>10}"
    for name, found in result.presets["standard"].quantities.items():
        yield f"  {name:<20}{found.error_p99:>10.1e}{found.error_max:>10.1e}"
    orders = ", ".join(f"{order:.2f}" for order in result.order_of_convergence)
    yield ""
    yield f"Order of convergence (standard, its half, its quarter): {orders}"
    yield f"Standard against half its steps: p99 {result.half_step.error_p99:.1e}"
    yield f"Single against double precision: largest {result.single_against_double.error_max:.1e}"
    yield f"Device: {result.device.name}, {result.device.words}"
    if result.device.name != "cpu":
        yield f"The same patients on the processor: largest {result.device.against_cpu.error_max:.1e}"
    verdict = "passed" if result.passed else "FAILED"
    yield f"Standard preset, p99 at most {result.limit_p99:.0e}: {verdict}"


def _benchmark_lines(result: EngineBenchmark) -> Iterator[str]:
    machine, start = result.machine, result.start_seconds
    yield f"{machine.processor} ({machine.architecture}), {machine.cores} cores; matrix product"
    yield f"{machine.matrix_product_gflops_per_core:.0f} GFLOP/s a core in single precision."
    yield f"One year, {len(result.days)} visits, {result.steps_a_year} steps ({result.preset} preset)."
    yield ""
    measured = (f"{result.patients_per_second_per_core:,.0f}", f"{result.error_p99:.1e}", f"{result.error_max:.1e}")
    peers = [_peer_row(name, peer) for name, peer in result.peers.items()]
    yield from columns([_SOLVER_HEADINGS, ("cordwise", *measured, ""), *peers], right=range(1, len(_SOLVER_HEADINGS)))
    yield ""
    yield f"All {result.threads} threads: {result.patients_per_second:,.0f} patients/s."
    yield _gpu_line(result.gpu)
    yield (
        f"Fresh process: help {start.help:.1f} s; one patient {start.first_simulation:.1f} s at first, "
        f"{start.next_simulation:.1f} s with the compile cache."
    )


def _gpu_line(gpu: MeasuredGpu | MissingGpu) -> str:
    if isinstance(gpu, MissingGpu):
        return f"GPU: {gpu.missing}."
    return f"GPU ({gpu.words}): {gpu.patients_per_second:,.0f} patients/s, {gpu.patients:,} at once."


def _peer_row(name: str, peer: MeasuredPeer | MissingPeer) -> tuple[str, ...]:
    if isinstance(peer, MissingPeer):
        return (f"{name} not installed ({', '.join(peer.missing)})", "", "", "", "")
    errors = f"{peer.error_p99:.1e}", f"{peer.error_max:.1e}"
    return (f"{name} {peer.rtol:g}", f"{peer.patients_per_second:,.1f}", *errors, f"{peer.ratio:,.0f}x faster")
