"""Simulated people of every parameter set: drawn and examined in batches that hold some of each set."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from jaxtyping import Bool, Float, Int
from numpy import ndarray

from cordwise.base.batches import joined
from cordwise.base.randomness import Streams
from cordwise.base.threads import in_threads
from cordwise.patient.counterfactual import Counterfactual
from cordwise.patient.outcomes import Outcomes, assess, draw_visit_noise
from cordwise.patient.parameters import ParameterSets, PopulationParameters
from cordwise.patient.patients import VirtualPatients, ages_of, deviates_of, form_patients

AT_ONCE = 8192
"""People drawn or examined at a time; what they do does not depend on it."""
_EXAMINATIONS_AT_ONCE = 8192
Done = TypeVar("Done")
Chosen = Callable[[ParameterSets, Streams, Int[ndarray, " patient"]], Bool[ndarray, " patient"]]


@dataclass(frozen=True, slots=True)
class People:
    """Simulated people, each with the parameter set whose world they live in."""

    patients: VirtualPatients
    parameters: ParameterSets

    def __len__(self) -> int:
        """Return the number of people."""
        return len(self.patients)

    def __getitem__(self, chosen: ndarray | slice) -> "People":
        """Return some of the people."""
        return People(self.patients[chosen], self.parameters[chosen])

    @property
    def set_number(self) -> Int[ndarray, " patient"]:
        """Return the place of each one's parameter set among those that were drawn from."""
        return self.parameters.number

    def examined(
        self, days: Float[ndarray, "patient time"], labels: Sequence[str], streams: Streams, world: Counterfactual
    ) -> Outcomes:
        """Examine everybody on days of their own; a visit's label names its random streams."""
        return self.examined_in({"": world}, days, labels, streams)[""]

    def examined_in(
        self,
        worlds: Mapping[str, Counterfactual],
        days: Float[ndarray, "patient time"],
        labels: Sequence[str],
        streams: Streams,
    ) -> dict[str, Outcomes]:
        """Examine everybody in several worlds: the same days, the same examiners."""
        step = max(1, _EXAMINATIONS_AT_ONCE // max(1, len(labels)))

        def seen(first: int) -> list[Outcomes]:
            here, seen_on = self[first : first + step], days[first : first + step]
            noise = draw_visit_noise(streams, labels, here.patients.ids)
            return [assess(here.patients, seen_on, here.parameters, noise, world) for world in worlds.values()]

        parts = list(in_threads(seen, range(0, max(1, len(self)), step)))
        return {name: joined([part[place] for part in parts]) for place, name in enumerate(worlds)}


def of_age(first: float, last: float) -> Chosen:
    """Return the choice of people by completed years of age, from the first to the last."""

    def chosen(parameters: ParameterSets, streams: Streams, ids: Int[ndarray, " patient"]) -> Bool[ndarray, " patient"]:
        age = ages_of(parameters, streams, ids)
        return (age >= first) & (age < last + 1)

    return chosen


def drawn_people(
    sets: Sequence[PopulationParameters],
    streams: Streams,
    numbers: Int[ndarray, " place"],
    first: Int[ndarray, " place"] | int,
    count: Int[ndarray, " place"] | int,
    do: Callable[[People], Done],
    *,
    chosen: Chosen | None = None,
) -> list[Done]:
    """Draw `count` people of some parameter sets, or those of them who are chosen, and do something with each batch.

    Person `number + len(sets) * place` is the `place`-th of set `number`: the same one in every call with these sets.

    Parameters
    ----------
    sets
        All parameter sets.
    streams
        Random streams.
    numbers
        Those to draw from, as places in `sets`.
    first
        The place of the first person, for all or for each.
    count
        People of each, before any are left out; for all or for each.
    do
        What is done with the people of a batch; several batches are drawn and worked on at a time.
    chosen
        Says from a few of their numbers who is to be drawn whole; everybody when None.
    """
    everyone = tuple(sets)
    asked = np.arange(int(np.max(count, initial=0)))[:, None] < np.broadcast_to(count, numbers.shape)
    place, column = np.nonzero(asked)
    number = numbers[column]
    ids = number + len(everyone) * (place + np.broadcast_to(first, numbers.shape)[column])

    def done(at: int) -> Done:
        who, parameters = ids[at : at + AT_ONCE], ParameterSets(everyone, number[at : at + AT_ONCE])
        if chosen is not None:
            kept = np.flatnonzero(chosen(parameters, streams, who))
            who, parameters = who[kept], parameters[kept]
        return do(People(form_patients(parameters, deviates_of(streams, who)), parameters))

    return list(in_threads(done, range(0, len(ids), AT_ONCE)))


def joined_people(parts: Sequence[People]) -> People:
    """Return several batches of people as one."""
    if len(parts) == 1:
        return parts[0]
    number = np.concatenate([part.parameters.number for part in parts])
    return People(joined([part.patients for part in parts]), ParameterSets(parts[0].parameters.sets, number))
