"""From the file to the experiment: every name found, every day placed, and all mistakes told at once."""

import difflib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cordwise.base.errors import Fault
from cordwise.base.inputs import InputFile
from cordwise.base.toml import place, shown
from cordwise.cord.changes import AT_REST_ZERO, MAY_BE_LOWERED, Action, Change
from cordwise.cord.parameters import Species
from cordwise.cord.patient_kinetics import KINETICS
from cordwise.cord.product import Dose, Regimen, Route
from cordwise.experiment.cuts import Cut, find_part, part_names, sides_differ
from cordwise.experiment.host import Host, aged_of_age, aged_of_label
from cordwise.experiment.lesion import inherited, lesion_of, level_of
from cordwise.experiment.levers import (
    Pull,
    amount_in,
    find_lever,
    greatest_intensity,
    lever_changes,
    lever_names,
    usual_days,
    usual_start,
)
from cordwise.experiment.plan import Condition, Experiment, Lesion
from cordwise.experiment.readouts import find_readout, readout_words, usual_readouts
from cordwise.experiment.schema import (
    ChangeTable,
    ConditionTable,
    CutTable,
    ExperimentFile,
    HostTable,
    LesionTable,
    LeverTable,
)
from cordwise.experiment.squeeze import DECOMPRESSION, squeeze_changes
from cordwise.experiment.tables import closest, closest_names, setting
from cordwise.experiment.targets import (
    KINDS,
    SHARES,
    ChangeTarget,
    closest_targets,
    default_amount,
    find_action,
    find_target,
    model_changes,
)
from cordwise.isncsci import level_index

_ASK_TARGETS = "`cordwise cord perturb --targets` lists them all."
_ASK_READOUTS = "`cordwise cord perturb --readouts` lists them all."
_WHOSE = {Species.RODENT: "animals", Species.HUMAN: "people"}
_DEFAULT_PRODUCT = "allogeneic_msc"


@dataclass(frozen=True, slots=True)
class Resolver:
    """The file being resolved and the mistakes found in it so far."""

    file: ExperimentFile
    path: Path | str
    faults: list[Fault] = field(default_factory=list)

    @property
    def last_day(self) -> float:
        """Return the last day of the experiment."""
        return self.file.readout_days[-1]

    def complain(self, where: Sequence[int | str], expected: str, found: str, advice: str = "") -> None:
        """Note one mistake."""
        self.faults.append(Fault(place(self.path, where), expected, found, advice))


def resolve(file: ExperimentFile, source: InputFile) -> tuple[Experiment, list[Fault]]:
    """Return the experiment of a file, and its mistakes; with a mistake the experiment is not to be used."""
    resolver = Resolver(file, source.path)
    _check_names(resolver)
    asked = _readouts(resolver)
    lesion = _lesion(resolver, ("lesion",), file.lesion)
    if any(each.lesion is None for each in file.conditions):
        _check_squeezed(resolver, ("lesion",), file.lesion, lesion)
    conditions = tuple(_condition(resolver, number, each, lesion) for number, each in enumerate(file.conditions))
    differ = any(sides_differ(each.all_cuts) for each in conditions)
    experiment = Experiment(
        question=file.question or _question(file),
        species=file.species,
        days=file.readout_days,
        conditions=conditions,
        readouts=asked or usual_readouts(file.species, sides_differ=differ),
        subjects=file.subjects or int(setting("subjects", file.species)),
        name=file.name or "",
        source=file.source or "",
        against=file.against or "",
        origin=source.origin(),
    )
    return experiment, resolver.faults


def _question(file: ExperimentFile) -> str:
    names = [condition.name for condition in file.conditions]
    base = file.against or names[0]
    others = [name for name in names if name != base]
    against = f"{', '.join(others)} against {base}" if others else base
    return f"What is found on day {file.readout_days[-1]:g} in {against}?"


def _check_names(resolver: Resolver) -> None:
    seen: set[str] = set()
    for number, condition in enumerate(resolver.file.conditions):
        if condition.name in seen:
            resolver.complain(("conditions", number, "name"), "a name of its own", f"{shown(condition.name)} again")
        seen.add(condition.name)
    _check_against(resolver, ("against",), resolver.file.against)
    for number, condition in enumerate(resolver.file.conditions):
        where = ("conditions", number, "against")
        _check_against(resolver, where, condition.against)
        if condition.against == condition.name:
            resolver.complain(where, "another condition", shown(condition.against))


def _check_against(resolver: Resolver, where: Sequence[int | str], name: str | None) -> None:
    names = tuple(condition.name for condition in resolver.file.conditions)
    if name is not None and name not in names:
        close = difflib.get_close_matches(name, names, n=1)
        advice = f'Did you mean "{close[0]}"?' if close else "Name a condition of this file."
        resolver.complain(where, "the name of a condition", shown(name), advice)


def _readouts(resolver: Resolver) -> tuple[str, ...]:
    species, chosen = resolver.file.species, []
    for number, name in enumerate(resolver.file.readouts):
        found = find_readout(name, species)
        if found is None:
            close = closest_names(name, readout_words(species))
            advice = f"Did you mean {' or '.join(close)}? {_ASK_READOUTS}" if close else _ASK_READOUTS
            resolver.complain(("readouts", number), f"a read-out of {_WHOSE[species]}", shown(name), advice)
        else:
            chosen.append(found)
    return tuple(chosen)


def _condition(resolver: Resolver, number: int, table: ConditionTable, common: Lesion) -> Condition:
    where = ("conditions", number)
    pulls = [_pull(resolver, (*where, "levers", at), lever) for at, lever in enumerate(table.levers)]
    pulled = tuple(pull for pull in pulls if pull is not None)
    _check_pulled_once(resolver, where, pulls)
    lesion = common if table.lesion is None else _own_lesion(resolver, (*where, "lesion"), table.lesion, common)
    changes = [*squeeze_changes(lesion, pulled, resolver.last_day)]
    by_hand = [_changes(resolver, (*where, "changes", at), each) for at, each in enumerate(table.changes)]
    changes += [change for pull in pulled for change in lever_changes(pull)]
    changes += [change for each in by_hand for change in each]  # last, so that they scale what lesion and levers raise
    raised = {change.target for change in changes if change.action == Action.ADD}
    for at, each in enumerate(by_hand):
        _check_acts(resolver, (*where, "changes", at), each, raised)
    cuts = _cuts(resolver, (*where, "cuts"), table.cuts, lesion.level)
    _check_examined(resolver, where, table.lesion, lesion.cuts + cuts)
    cut = table.transection_day
    if cut is not None and cut > resolver.last_day:
        resolver.complain((*where, "transection_day"), _before_end(resolver), f"{cut:g}")
    return Condition(
        name=table.name,
        lesion=lesion,
        host=_host(resolver, where, table.host),
        changes=tuple(changes),
        pulls=pulled,
        regimen=_regimen(resolver, where, table),
        transection_day=cut,
        description=table.description or "",
        cuts=cuts,
        against=table.against or "",
    )


def _lesion(resolver: Resolver, where: Sequence[int | str], lesion: LesionTable) -> Lesion:
    species = resolver.file.species
    level = level_of(lesion, species)
    if species == Species.HUMAN:
        _check_segment(resolver, (*where, "level"), level)
    cuts = _cuts(resolver, (*where, "cuts"), lesion.cuts, level)
    return lesion_of(lesion, species, cuts, decompressed=_decompressed(resolver.file))


def _own_lesion(resolver: Resolver, where: Sequence[int | str], own: LesionTable, common: Lesion) -> Lesion:
    """Return the lesion of a condition: what its table leaves out is as in the experiment."""
    species, table = resolver.file.species, inherited(own, resolver.file.lesion)
    level = level_of(table, species)
    if species == Species.HUMAN and "level" in own.model_fields_set:
        _check_segment(resolver, (*where, "level"), level)
    kept = own.cuts != table.cuts
    cuts = common.cuts if kept else _cuts(resolver, (*where, "cuts"), own.cuts, level)
    lesion = lesion_of(table, species, cuts, decompressed=_decompressed(resolver.file))
    _check_squeezed(resolver, where, own, lesion)
    return lesion


def _check_examined(
    resolver: Resolver, where: Sequence[int | str], own: LesionTable | None, cuts: Sequence[Cut]
) -> None:
    """Refuse cuts in people at a level of their own where nothing says at which level they are hurt and examined."""
    said = resolver.file.lesion.level or (own and own.level)
    places = sorted({cut.level for cut in cuts} - {""})
    if places and not said and resolver.file.species == Species.HUMAN:
        advice = f'Add lesion = {{ level = "{places[0]}" }}: people are examined with one level, without any C5.'
        resolver.complain((*where, "lesion", "level"), "the level of the lesion", "nothing", advice)


def _check_squeezed(resolver: Resolver, where: Sequence[int | str], said: LesionTable, lesion: Lesion) -> None:
    """Refuse a pressure on a cord without a blow, which would act on nothing."""
    for key in ("compression_hours", "compression_mmhg"):
        if lesion.severity == 0 and getattr(said, key):
            advice = 'Pressure acts where the blow struck: name a small severity, such as "mild".'
            resolver.complain((*where, key), "a lesion with a severity above 0", "severity 0", advice)


def _check_segment(resolver: Resolver, where: Sequence[int | str], level: str) -> None:
    try:
        level_index(level)
    except ValueError:
        resolver.complain(where, "a segment of the cord, such as C5 or T10", shown(level))


def _decompressed(file: ExperimentFile) -> bool:
    return any(find_lever(lever.name) == DECOMPRESSION for each in file.conditions for lever in each.levers)


def _cuts(resolver: Resolver, where: Sequence[int | str], tables: Sequence[CutTable], level: str) -> tuple[Cut, ...]:
    """Return cuts whose parts are known; one at the level of the lesion has none of its own."""
    cuts = []
    for at, each in enumerate(tables):
        part = find_part(each.part)
        if part is None:
            known = sorted(set(part_names().values()))
            advice = closest(each.part, tuple(part_names()))
            resolver.complain((*where, at, "part"), f"one of {', '.join(known)}", shown(each.part), advice)
        elif each.day > resolver.last_day:
            resolver.complain((*where, at, "day"), _before_end(resolver), f"{each.day:g}")
        else:
            place_of_its_own = "" if each.level in (None, level) else str(each.level)
            cuts.append(Cut(part, each.side, each.share, each.day, each.kind, place_of_its_own))
    return tuple(cuts)


def _before_end(resolver: Resolver) -> str:
    return f"a day before the last readout, day {resolver.last_day:g}"


def _host(resolver: Resolver, where: Sequence[int | str], own: HostTable) -> Host:
    common, species = resolver.file.host, resolver.file.species
    given = common.model_dump(exclude_none=True) | own.model_dump(exclude_none=True)
    ages = {key: given[key] for key in ("age", "age_months", "age_years") if key in own.model_dump(exclude_none=True)}
    ages = ages or {key: given[key] for key in ("age", "age_months", "age_years") if key in given}
    if len(ages) > 1:
        resolver.complain((*where, "host"), "one age", ", ".join(ages), "Keep one of these keys.")
    if "age_years" in ages and species == Species.RODENT:
        resolver.complain((*where, "host", "age_years"), "age_months, for an animal", shown(ages["age_years"]))
    if "age_months" in ages and species == Species.HUMAN:
        resolver.complain((*where, "host", "age_months"), "age_years, for a person", shown(ages["age_months"]))
    age = next(iter(ages.values()), "adult")
    aged = aged_of_label(age) if isinstance(age, str) else aged_of_age(float(age), species)
    kinetics = {**common.kinetics.given(), **own.kinetics.given()}
    return Host(
        aged=aged,
        immunosuppressed=bool(given.get("immunosuppressed", False)),
        spleen_removed=bool(given.get("spleen_removed", False)),
        kinetics=tuple(kinetics.get(group, 0.0) for group in KINETICS),
    )


def _regimen(resolver: Resolver, where: Sequence[int | str], table: ConditionTable) -> Regimen | None:
    if not table.doses:
        return None
    for at, dose in enumerate(table.doses):
        if dose.day >= resolver.last_day:
            resolver.complain((*where, "doses", at, "day"), _before_end(resolver), f"{dose.day:g}")
    common = table.product or resolver.file.product or _DEFAULT_PRODUCT
    products = sorted({dose.product or common for dose in table.doses})
    if len(products) > 1:
        resolver.complain((*where, "doses"), "one product for a condition", ", ".join(products))
    translation = next(
        (each for each in (table.translation, resolver.file.translation) if each is not None),
        setting("translation", resolver.file.species),
    )
    doses = sorted(table.doses, key=lambda dose: dose.day)
    return Regimen(tuple(Dose(dose.day, dose.cells, Route(dose.route)) for dose in doses), products[0], translation)


def _pull(resolver: Resolver, where: Sequence[int | str], table: LeverTable) -> Pull | None:
    lever = find_lever(table.name)
    if lever is None:
        known = sorted(set(lever_names().values()))
        advice = closest(table.name, tuple(lever_names())) or "What is not listed can be written as changes."
        resolver.complain((*where, "name"), f"one of {', '.join(known)}", shown(table.name), advice)
        return None
    most, intensity = greatest_intensity(lever), _intensity(resolver, where, lever, table)
    if intensity > most:
        resolver.complain((*where, "intensity"), f"at most {most:.3g}, where it stops all", f"{intensity:g}")
    start = usual_start(lever) if table.from_day is None else table.from_day
    lasting = usual_days(lever) if table.duration is None else table.duration
    _check_end(resolver, where, table)
    from_day, to_day = _span(resolver, where, start, table.to_day, lasting)
    return Pull(lever, intensity, from_day, to_day)


def _check_pulled_once(resolver: Resolver, where: Sequence[int | str], pulls: Sequence[Pull | None]) -> None:
    """Refuse a lever that is pulled twice at a time, under whatever names: its effects would be counted twice."""
    for at, pull in enumerate(pulls):
        same = [other for other in pulls[:at] if pull and other and other.lever == pull.lever]
        if pull and any(other.from_day < pull.to_day and pull.from_day < other.to_day for other in same):
            advice = "Pull it once with a higher intensity, or one time after the other."
            resolver.complain((*where, "levers", at), f"{pull.lever} once at a time", "it twice", advice)


def _intensity(resolver: Resolver, where: Sequence[int | str], lever: str, table: LeverTable) -> float:
    """Return how hard a lever is pulled, also where the file says it in hours a day or mmHg."""
    for key, unit in (("hours_a_day", "h/d"), ("mmhg", "mmHg")):
        amount = getattr(table, key)
        if amount is not None:
            usual = amount_in(lever, unit)
            if usual is not None:
                return amount / usual
            resolver.complain((*where, key), f"a lever whose strength is in {unit}", lever, "Use `intensity`.")
    return table.intensity


def _span(
    resolver: Resolver, where: Sequence[int | str], start: float, end: float | None, lasting: float | None
) -> tuple[float, float]:
    """Return from when to when something acts: nothing acts before the injury, and by default to the last readout."""
    from_day = max(start, 0.0)
    to_day = end if end is not None else resolver.last_day if lasting is None else start + lasting
    if from_day >= resolver.last_day:
        resolver.complain((*where, "from_day"), _before_end(resolver), f"{start:g}")
    elif to_day <= from_day:
        resolver.complain((*where, "to_day"), f"a day after it begins, day {from_day:g}", f"{to_day:g}")
    return from_day, to_day


def _check_end(resolver: Resolver, where: Sequence[int | str], table: ChangeTable | LeverTable) -> None:
    if table.to_day is not None and table.duration is not None:
        resolver.complain((*where, "duration"), "one end", "to_day and duration", "Keep one of these keys.")


def _changes(resolver: Resolver, where: Sequence[int | str], table: ChangeTable) -> list[Change]:
    target, action = _target(resolver, where, table), find_action(table.action)
    if action is None:
        known = ", ".join(Action)
        resolver.complain(
            (*where, "action"), f"one of {known}", shown(table.action), closest(table.action, tuple(Action))
        )
    _check_end(resolver, where, table)
    from_day, to_day = _span(resolver, where, table.from_day, table.to_day, table.duration)
    negative = table.amount is not None and table.amount < 0 and not _may_be_lowered(target, action)
    if negative:
        advice = "To lower something, block a share of it." if action == Action.ADD else ""
        resolver.complain((*where, "amount"), "a number of 0 or more", f"{table.amount:g}", advice)
    if target is None or action is None or negative:
        return []
    amount = default_amount(action) if table.amount is None else table.amount
    if amount is None:
        resolver.complain((*where, "amount"), f"an amount to {action} by", "nothing", "Add this key.")
    elif action in SHARES and amount > 1:
        resolver.complain((*where, "amount"), "a share from 0 to 1", f"{amount:g}")
    else:
        return list(model_changes(target, action, amount, from_day, to_day))
    return []


def _may_be_lowered(target: ChangeTarget | None, action: Action | None) -> bool:
    return action in (Action.ADD, Action.INFUSE) and target is not None and MAY_BE_LOWERED.issuperset(target.acts_on)


def _check_acts(
    resolver: Resolver, where: Sequence[int | str], changes: Sequence[Change], raised: Collection[str]
) -> None:
    """Refuse to lower or multiply an input that is 0 because nothing in the condition raises it."""
    for each in changes:
        if each.action != Action.ADD and each.target in AT_REST_ZERO and each.target not in raised:
            signed = " or a negative one to lower it" if each.target in MAY_BE_LOWERED else ""
            advice = f"{each.target} is 0 unless something raises it: add an amount to it{signed}."
            resolver.complain((*where, "action"), f"add, for {each.target}", each.action, advice)


def _target(resolver: Resolver, where: Sequence[int | str], table: ChangeTable) -> ChangeTarget | None:
    said: dict[str, Any] = {key: value for key in ("target", *KINDS) if (value := getattr(table, key)) is not None}
    if len(said) != 1:
        resolver.complain((*where, "target"), "one target", ", ".join(said) or "nothing", "Name what is changed once.")
        return None
    key, name = next(iter(said.items()))
    target = find_target(name, key if key in KINDS else table.kind)
    if target is None:
        close = closest_targets(name)
        advice = f"Did you mean {' or '.join(close)}? {_ASK_TARGETS}" if close else _ASK_TARGETS
        resolver.complain((*where, key), "a field, a rate or an input of the tissue model", shown(name), advice)
    elif target.kind == "refused":
        resolver.complain((*where, key), "something the model holds", shown(name), f"{target.meaning}.".capitalize())
        return None
    return target
