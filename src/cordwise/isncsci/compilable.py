"""How the rules are run: as plain Python on a few exams, compiled and on all cores on many.

Loading compiled code takes as long as a thousand exams in plain Python, and compiling it as long as twenty thousand. So
a rule stays the function that it is; numba is imported, and told of all of them, when the first large batch comes.
"""

from collections.abc import Callable
from functools import cache
from itertools import pairwise
from typing import Any, Final, TypeVar

from cordwise.base.threads import in_threads, threads_of_compiled_code

FEW: Final = 1_000
"""Up to so many exams are classified without compiled code, unless it is loaded already."""
_Function = TypeVar("_Function", bound=Callable[..., Any])
_compilable: list[Callable[..., Any]] = []
_dispatchers: dict[Callable[..., Any], Callable[..., Any]] = {}


def compilable(function: _Function) -> _Function:
    """Mark a function as one that may be compiled; what it calls is compilable too, or known to numba."""
    _compilable.append(function)
    return function


def apply_to_all(function: Callable[..., None], count: int, *arguments: Any) -> None:  # noqa: ANN401 - the rule's own
    """Call a rule with the first exam, the last but one, and the arguments, until all of `count` exams are dealt with.

    Parameters
    ----------
    function
        A rule that writes what it finds about some exams into arrays among its arguments, and about no others.
    count
        How many exams there are.
    arguments
        What the rule takes after the two ends.
    """
    if count <= FEW and function not in _dispatchers:
        function(0, count, *arguments)
        return
    compiled, parts = _compiled(function), max(1, min(threads_of_compiled_code(), count // FEW))
    ends = [count * part // parts for part in range(parts + 1)]
    for _ in in_threads(lambda block: compiled(*block, *arguments), pairwise(ends)):
        pass


@cache
def _compiled(function: Callable[..., None]) -> Callable[..., None]:
    """Return a rule compiled, and let numba find every other rule that it calls."""
    from numba import types

    from cordwise.base.compiling import njit

    for each in _compilable:
        if each not in _dispatchers:
            _dispatchers[each] = njit(cache=True, nogil=True, error_model="numpy")(each)
            _take_any_number(_dispatchers[each])
            setattr(each, "_numba_type_", types.Dispatcher(_dispatchers[each]))  # noqa: B010 - what numba asks of a name
    return _dispatchers[function]


def _take_any_number(dispatcher: Any) -> None:  # noqa: ANN401 - numba's own
    """Keep numba from compiling a function again for each constant that it is called with: half of all the work."""
    from numba.core.types import unliteral

    template_for = dispatcher.get_call_template
    dispatcher.get_call_template = lambda args, kws: template_for(tuple(map(unliteral, args)), kws)
