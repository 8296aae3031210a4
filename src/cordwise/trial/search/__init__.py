"""Many designs tried for one goal: what each costs, and how often each finds the effect."""

from cordwise.trial.search.file import SearchFile, check_search, read_search
from cordwise.trial.search.frontier import cheapest, frontier
from cordwise.trial.search.run import run_search

__all__ = ["SearchFile", "cheapest", "check_search", "frontier", "read_search", "run_search"]
