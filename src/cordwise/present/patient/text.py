"""One simulated patient in words: who, which cells, what became of it; and the text of the command."""

from statistics import NormalDist

from cordwise.patient.life.result import Examinations, GivenRegimen, MarrowHarvest, PatientLife, Person
from cordwise.present import numbers

SCORES: tuple[tuple[str, str, int], ...] = (
    ("uems", "Upper extremity motor score (0 to 50)", 50),
    ("lems", "Lower extremity motor score (0 to 50)", 50),
    ("light_touch", "Light touch (0 to 112)", 112),
    ("pin_prick", "Pin prick (0 to 112)", 112),
)
RESEARCH_ONLY = "A simulated patient. For research and trial planning, not for decisions about a patient's care."
_CLOSING = "A simulated patient; for research and trial planning, not for decisions about a patient's care."
_HEADINGS = "day      without cells: AIS UEMS LEMS touch  pin      with cells: AIS UEMS LEMS touch  pin"
_GAP = 17
_KINETICS = {
    "inflammation": ("inflames", "more", "less"),
    "clearance": ("clears debris", "faster", "more slowly"),
    "scarring": ("scars", "more", "less"),
    "repair": ("mends", "faster", "more slowly"),
}
_AS_MOST = 0.1  # deviates nearer to 0 than this are those of the typical cord


def patient_text(life: PatientLife) -> str:
    """Return what the command prints: who, which cells, each visit with and without them, and how exact it is."""
    scores = life.scores
    visits = (
        f"{day:5g}                   {_visit(scores.without, visit)}{' ' * _GAP}{_visit(scores.with_cells, visit)}"
        for visit, day in enumerate(scores.days)
    )
    harvest = [harvest_words(life.manufacture)] if life.manufacture else []
    own = [words] if (words := kinetics_words(life.patient)) else []
    who = [_who(life), *own, *harvest, _cells(life.regimen)]
    return "\n".join([*who, "", _HEADINGS, *visits, "", life.numerics.words, _CLOSING])


def harvest_words(made: MarrowHarvest) -> str:
    """Return what the person's own marrow gave, and what it gives others."""
    drawn = f"Marrow, {made.aspirate_ml:g} mL, drawn on day {made.aspirate_day:g}"
    if made.aspirates > 1:
        drawn += " and once more after a failed culture"
    if made.ready_day is None:
        own = f"{drawn}: nothing was released ({made.outcome})."
    else:
        own = f"{drawn}: ready on day {made.ready_day:g}, {made.doses} of {made.dose_cells:.2g} cells."
    others, days = made.others, made.others.ready_day
    if days is None:
        return f"{own} Of {others.patients} simulated patients none gets a product."
    return (
        f"{own} Of {others.patients} simulated patients {100 * others.released_share:.0f}% get a product, "
        f"half of them by day {days.p50:g} (90% on days {days.p5:g} to {days.p95:g})."
    )


def kinetics_words(who: Person) -> str:
    """Return how the person's own cord differs from those of other people; nothing where no rates are known."""
    told = []
    for group, deviate in who.kinetics.items():
        does, more, less = _KINETICS[group]
        if abs(deviate) < _AS_MOST:
            told.append(f"{does} as the typical cord does")
        else:
            beyond = numbers.share(NormalDist().cdf(abs(deviate)))
            told.append(f"{does} {more if deviate > 0 else less} than {beyond} of people")
    return f"This cord {'; '.join(told)}." if told else ""


def described(life: PatientLife) -> str:
    """Return who is shown, in a few words."""
    who = life.patient
    person = {"male": "man", "female": "woman"}[who.sex]
    return f"A simulated {person} of {who.age}, injury centred at {who.segment}"


def score_title(life: PatientLife) -> str:
    """Return the title of the examinations: the last motor scores side by side."""
    scores = life.scores
    parts = [
        f"{name.upper()} {getattr(scores.without, name)[-1]} without cells, {getattr(scores.with_cells, name)[-1]} with"
        for name in ("uems", "lems")
    ]
    return f"Day {numbers.number(scores.days[-1], 0)}: {'; '.join(parts)}"


def comparison(life: PatientLife) -> str:
    """Return in one sentence how the last examinations differ."""
    without, with_cells = life.scores.without, life.scores.with_cells
    changes = ", ".join(
        f"{title.split(' (')[0].lower()} {numbers.signed(change, 0)}"
        for name, title, _ in SCORES
        for change in (getattr(with_cells, name)[-1] - getattr(without, name)[-1],)
    )
    return (
        f"On day {numbers.number(life.scores.days[-1], 0)} this simulated patient is AIS {without.ais[-1]} without "
        f"cells and AIS {with_cells.ais[-1]} with cells; difference in points: {changes}."
    )


def _who(life: PatientLife) -> str:
    who = life.patient
    pattern = f", pattern {who.syndrome.replace('_', '-')}" if who.syndrome else ""
    return (
        f"A simulated {who.sex}, {who.age} years, lesion centred at {who.segment}{pattern}, "
        f"AIS {who.ais_baseline} on day {who.baseline_day:g}."
    )


def _cells(regimen: GivenRegimen) -> str:
    doses = "; ".join(f"{dose.cells:.2g} cells, {dose.route}, day {dose.day:.3g}" for dose in regimen.doses)
    return (
        f"{regimen.product}: {doses or 'none given'}; share of the rodent effect assumed to carry over: "
        f"{regimen.translation:g}."
    )


def _visit(seen: Examinations, visit: int) -> str:
    motor, senses = (seen.uems, seen.lems), (seen.light_touch, seen.pin_prick)
    totals = [*(f"{each[visit]:4d}" for each in motor), *(f"{each[visit]:5d}" for each in senses)]
    return f"{seen.ais[visit]:>3} {' '.join(totals)}"
