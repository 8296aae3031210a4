"""A published result against what would have happened anyway."""

from cordwise.appraise.appraisal import appraise_study
from cordwise.appraise.claim import Claim, Study, read_study
from cordwise.appraise.verdict import Verdict

__all__ = ["Claim", "Study", "Verdict", "appraise_study", "read_study"]
