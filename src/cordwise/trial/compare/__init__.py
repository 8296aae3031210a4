"""Several designs on the same virtual patients, side by side."""

from cordwise.trial.compare.entrants import Entrant, entrants, read_entrants
from cordwise.trial.compare.result import comparison_json
from cordwise.trial.compare.run import compare_designs, simulate_entrant

__all__ = ["Entrant", "compare_designs", "comparison_json", "entrants", "read_entrants", "simulate_entrant"]
