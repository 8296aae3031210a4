"""Two patients marched by the GPU's kernel in the simulator of CUDA, in a process of its own; prints their visits."""

import json
import sys

import numpy as np

from cordwise.cord.blocks import TISSUE
from cordwise.cord.changes import Action, Change
from cordwise.cord.course import TissueSchedule, plan_course
from cordwise.cord.engine.cuda import make_cuda_time_loop
from cordwise.cord.engine.step_grid import StepLaw
from cordwise.cord.parameters import load_parameters
from cordwise.cord.product import Dose, Regimen, Route

SEVERITY, WIDTH = np.array([0.4, 1.3]), np.array([8.0, 15.0])
_WIDE = StepLaw(scale=12.0)  # the simulator takes a tenth of a second for a step
_DOSES = (Dose(0.3, 1e7, Route.INTRATHECAL), Dose(0.4, 1e6, Route.INTRALESIONAL))


def course() -> TissueSchedule:
    """Return a course with two visits, doses of two kinds, a jump, segments and rates of each patient."""
    return plan_course(
        [0.5, 0.9],
        regimen=Regimen(_DOSES, "allogeneic_msc", 0.7),
        parameters=load_parameters()._replace(clock=np.array([1.0, 2.5])),
        plastic_days=None,
        changes=(Change("neutrophil", Action.DEPLETE, 0.9, 0.2, 0.6), Change("border", Action.INFUSE, 0.5, 0.2, 0.6)),
        patients=2,
        law=_WIDE,
    )


def main() -> None:
    """March the two patients, each by one thread; the lanes that fill up their block are left out."""
    from cordwise.cord import batch

    run_time_loop = make_cuda_time_loop(TISSUE, course().axis.centres.size // 2)
    batch.run_on = lambda *_: lambda *given: run_time_loop(*given[:7], len(SEVERITY), *given[8:])
    out, whole = batch.run_course(course(), SEVERITY, WIDTH, whole=True)
    json.dump({"out": out.tolist(), "whole": whole.tolist()}, sys.stdout)


if __name__ == "__main__":
    main()
