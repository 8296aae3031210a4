"""Put quantities, rules and events into an SBML model; a formula is text that names other quantities."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from types import ModuleType
from typing import Any

from cordwise.base.errors import Fault, InputError, ModelError

LEVEL, VERSION = 3, 2
NO_UNIT, DAY, PER_DAY, MM, PER_MM, MM2_PER_DAY, CELLS = (
    "dimensionless", "day", "per_day", "mm", "per_mm", "mm2_per_day", "item",
)  # fmt: skip
_SECONDS_PER_DAY = 86_400
_MILLI = -3
_QUANTITY, _KINETIC_CONSTANT, _DIFFUSION_COEFFICIENT = 2, 9, 491  # Systems Biology Ontology
_ONTOLOGY = {PER_DAY: _KINETIC_CONSTANT, MM2_PER_DAY: _DIFFUSION_COEFFICIENT}


def import_libsbml() -> ModuleType:
    """Return the library that writes SBML, or say how to install it."""
    try:
        import libsbml
    except ImportError:
        advice = "Install it with: pip install 'cordwise[sbml]'"
        raise InputError([Fault("SBML", "the package python-libsbml", "not installed", advice)]) from None
    return libsbml


@dataclass(frozen=True, slots=True)
class Writer:
    """One SBML document under construction."""

    sbml: ModuleType
    document: Any
    model: Any
    formulas: list[str] = field(default_factory=list)

    @classmethod
    def begin(cls, name: str, notes: str) -> "Writer":
        """Start a document whose unit of time is the day."""
        sbml = import_libsbml()
        document = sbml.SBMLDocument(LEVEL, VERSION)
        model = document.createModel()
        model.setId(name)
        model.setTimeUnits(DAY)
        writer = cls(sbml, document, model)
        writer._annotate(model, notes)
        writer._define_units()
        return writer

    def define(self, name: str, arguments: Sequence[str], formula: str) -> None:
        """Add a function that formulas may call."""
        function = self.model.createFunctionDefinition()
        function.setId(name)
        function.setMath(self._parsed(f"lambda({', '.join([*arguments, formula])})"))

    def constant(self, name: str, value: float | str, unit: str = NO_UNIT, notes: str = "") -> None:
        """Add a number that stays; a text is the formula that gives it at the start."""
        self._start(self._parameter(name, unit, notes, constant=True), value)

    def computed(self, name: str, formula: str, unit: str = "", notes: str = "") -> None:
        """Add a quantity that follows from others at every moment; its unit too, where none is given."""
        self._parameter(name, unit, notes, constant=False)
        self._rule(self.model.createAssignmentRule(), name, formula)

    def state(self, name: str, start: float | str, rate: str, notes: str = "", unit: str = NO_UNIT) -> None:
        """Add a quantity with its start and its change a day."""
        self._start(self._parameter(name, unit, notes, constant=False), start)
        self._rule(self.model.createRateRule(), name, rate)

    def event(self, name: str, trigger: str, changes: Mapping[str, str], notes: str = "") -> None:
        """Add a moment at which quantities jump; one that lies at the start takes place as well."""
        event = self.model.createEvent()
        event.setId(name)
        event.setUseValuesFromTriggerTime(True)
        self._annotate(event, notes)
        when = event.createTrigger()
        when.setInitialValue(False)
        when.setPersistent(True)
        when.setMath(self._parsed(trigger))
        for changed, formula in changes.items():
            assignment = event.createEventAssignment()
            assignment.setVariable(changed)
            assignment.setMath(self._parsed(formula))

    def finish(self) -> str:
        """Return the document, after the consistency checks of SBML; raise `ModelError` when one of them fails."""
        self._derive_units()
        self.document.checkConsistency()
        found = [self.document.getError(number) for number in range(self.document.getNumErrors())]
        worst = [error.getMessage() for error in found if error.getSeverity() >= self.sbml.LIBSBML_SEV_ERROR]
        if worst:
            raise ModelError("the exported model is not valid SBML: " + "; ".join(worst))
        return self.sbml.writeSBMLToString(self.document)

    def _parameter(self, name: str, unit: str, notes: str, *, constant: bool) -> Any:  # noqa: ANN401
        parameter = self.model.createParameter()
        parameter.setId(name)
        parameter.setConstant(constant)
        parameter.setSBOTerm(_ONTOLOGY.get(unit, _QUANTITY))
        if unit:
            parameter.setUnits(unit)
        self._annotate(parameter, notes)
        return parameter

    def _start(self, parameter: Any, value: float | str) -> None:  # noqa: ANN401
        if isinstance(value, str):
            assignment = self.model.createInitialAssignment()
            assignment.setSymbol(parameter.getId())
            assignment.setMath(self._parsed(value))
        else:
            parameter.setValue(value)

    def _rule(self, rule: Any, name: str, formula: str) -> None:  # noqa: ANN401
        rule.setVariable(name)
        rule.setMath(self._parsed(formula))

    def _parsed(self, formula: str) -> Any:  # noqa: ANN401
        self.formulas.append(formula)
        parsed = self.sbml.parseL3Formula(formula)
        if parsed is None:
            raise ModelError(f"not a formula of SBML: {formula}: {self.sbml.getLastParseL3Error()}")
        _give_numbers_no_unit(parsed)
        return parsed

    def _annotate(self, element: Any, notes: str) -> None:  # noqa: ANN401
        if notes:
            element.setNotes(f'<p xmlns="http://www.w3.org/1999/xhtml">{escape(notes)}</p>')

    def _derive_units(self) -> None:
        """Give each computed quantity the unit of its formula, a rate or a pure number; those it is made of first."""
        open_ones = {name.getId() for name in self.model.getListOfParameters() if not name.isSetUnits()}
        changed = True
        while changed:
            self.model.populateListFormulaUnitsData()
            units = {name: self._unit_of_rule(name) for name in open_ones}
            changed = any(self.model.getParameter(name).getUnits() != unit for name, unit in units.items())
            for name, unit in units.items():
                self.model.getParameter(name).setUnits(unit)

    def _unit_of_rule(self, name: str) -> str:
        unit = self.model.getAssignmentRuleByVariable(name).getDerivedUnitDefinition()
        is_rate = self.sbml.UnitDefinition.areEquivalent(unit, self.model.getUnitDefinition(PER_DAY))
        return PER_DAY if is_rate else NO_UNIT

    def _define_units(self) -> None:
        second, metre = self.sbml.UNIT_KIND_SECOND, self.sbml.UNIT_KIND_METRE
        for name, powers in (
            (DAY, {second: 1}),
            (PER_DAY, {second: -1}),
            (MM, {metre: 1}),
            (PER_MM, {metre: -1}),
            (MM2_PER_DAY, {metre: 2, second: -1}),
        ):
            definition = self.model.createUnitDefinition()
            definition.setId(name)
            for kind, power in powers.items():
                unit = definition.createUnit()
                unit.setKind(kind)
                unit.setExponent(power)
                unit.setScale(_MILLI if kind == metre else 0)
                unit.setMultiplier(_SECONDS_PER_DAY if kind == second else 1)


def _give_numbers_no_unit(node: Any) -> None:  # noqa: ANN401
    """Say of each number in a formula that it is a pure one; otherwise the units of the formula cannot be checked."""
    if node.isNumber():
        node.setUnits(NO_UNIT)
    for child in range(node.getNumChildren()):
        _give_numbers_no_unit(node.getChild(child))
