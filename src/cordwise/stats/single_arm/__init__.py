"""Single-arm trials against a benchmark proportion: exact test, Simon's two-stage designs, their analysis."""

from typing import TYPE_CHECKING

from cordwise.stats.lazy_names import lazy_names

if TYPE_CHECKING:
    from cordwise.stats.single_arm.analysis import simon_two_stage, single_arm_exact
    from cordwise.stats.single_arm.design import SingleStage, TwoStage, simon_designs, single_stage, upper_tail

__all__ = [
    "SingleStage",
    "TwoStage",
    "simon_designs",
    "simon_two_stage",
    "single_arm_exact",
    "single_stage",
    "upper_tail",
]

__getattr__, __dir__ = lazy_names(
    __name__,
    {
        "analysis": "simon_two_stage single_arm_exact",
        "design": "SingleStage TwoStage simon_designs single_stage upper_tail",
    },
)
