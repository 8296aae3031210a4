"""Where patients are simulated: on this machine's processors, or on its NVIDIA GPU."""

from collections.abc import Callable, Iterator
from enum import StrEnum
from importlib.util import find_spec
from typing import Any

from cordwise.base.errors import Fault
from cordwise.cord.engine.time_loop import Model, make_time_loop
from cordwise.cord.faults import choice_faults

_EXTRA = "pip install 'cordwise[gpu]' 'numba-cuda[cu13]' ([cu12] with an older driver)"
_DRIVER = "Install the NVIDIA driver; without a GPU, use the device cpu."


class Device(StrEnum):
    """What the engine runs on."""

    CPU = "cpu"
    CUDA = "cuda"


AT_ONCE = {Device.CPU: 8192, Device.CUDA: 131_072}
"""Patients simulated together: bounds the memory of their numbers, and on a GPU is enough to keep it busy."""


def device_faults(device: Device | str) -> Iterator[Fault]:
    """Yield a fault where a device is none, or is none that this machine has, with what to install."""
    yield from choice_faults(device=(device, Device))
    if device == Device.CUDA and (missing := missing_for_cuda()):
        yield Fault("device", "an NVIDIA GPU that the engine can use", *missing)


def run_on(device: Device | str, model: Model, cells: int) -> Callable[..., None]:
    """Return the compiled time loop of a model on a device; both take the same arrays."""
    if device == Device.CPU:
        return make_time_loop(model, cells)
    from cordwise.cord.engine.cuda import make_cuda_time_loop

    return make_cuda_time_loop(model, cells)


def missing_for_cuda() -> tuple[str, str] | None:
    """Return what stands between this machine and a simulation on a GPU, and what to do; None where nothing does."""
    if find_spec("numba_cuda") is None:
        return "no package numba-cuda", _EXTRA
    from numba import cuda

    try:
        return _missing_on_card(cuda)
    except (ImportError, OSError, RuntimeError) as error:
        return f"CUDA that does not work ({_in_one_line(error)})", _EXTRA


def _missing_on_card(cuda: Any) -> tuple[str, str] | None:  # noqa: ANN401 - a module
    if error := cuda.cuda_error():
        return f"no GPU or no driver ({_in_one_line(error)})", _DRIVER
    if not cuda.is_available():
        return "no CUDA compiler (NVVM)", _EXTRA
    from numba.cuda.cudadrv.nvrtc import get_lowest_supported_cc  # ty: ignore[missing-module-member]

    found, lowest = cuda.get_current_device().compute_capability, get_lowest_supported_cc()
    if tuple(found) < tuple(lowest):
        numbers = [".".join(map(str, each)) for each in (found, lowest)]
        return "a GPU of compute capability {}, below {}".format(*numbers), "Use a newer GPU, or an older CUDA toolkit."
    return None


def device_words(device: Device | str) -> str:
    """Return what a device is, for a report; the processor is named elsewhere."""
    if device == Device.CPU:
        return "processor"
    from numba import cuda

    card = cuda.get_current_device()
    name = card.name.decode() if isinstance(card.name, bytes) else str(card.name)
    return f"{name} (compute capability {'.'.join(map(str, card.compute_capability))})"


def _in_one_line(error: object) -> str:
    return " ".join(str(error).split()).rstrip(".:")
