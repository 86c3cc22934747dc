"""The units of a file's rows: found in the register, or created by the rule of the mapping."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from qorgau.exchange.formats.format_errors import FormatError, gettext_noop
from qorgau.exchange.formats.mapping import Mapping
from qorgau.exchange.formats.mapping.engine import MappedUnit
from qorgau.exchange.formats.mapping.spec import UnitRule
from qorgau.foundation.identity.models import User
from qorgau.foundation.identity.roles import Capability
from qorgau.records.people import queries, services
from qorgau.records.people.authority import NO_UNIT_TO_IMPORT_INTO, capabilities_over
from qorgau.records.people.choices import Echelon
from qorgau.records.people.models import Organisation, Unit

UnitPath = tuple[MappedUnit, ...]
IMPORT_INCIDENTS = Capability("import_incidents")
MANAGE_UNITS = Capability("manage_units")


def unit_rule_of(mapping: Mapping) -> UnitRule:
    """Return the rule for units, which every import of incidents needs.

    Raises
    ------
    FormatError
        When the mapping has none.
    """
    if mapping.units is None:
        raise FormatError(
            gettext_noop(
                "The mapping does not say to which unit an incident belongs. Write "
                '[[units.levels]] with code = "..." and the name of the column with the code '
                "of the unit."
            )
        )
    return mapping.units


class UnitDirectory:
    """Units by code that the importing user may see.

    Parameters
    ----------
    rule : UnitRule
    acting_user : User or None
        None is the system, which may import into every unit.

    Raises
    ------
    FormatError
        When this user cannot follow the rule at all.
    """

    def __init__(self, rule: UnitRule, acting_user: User | None) -> None:
        self._rule = rule
        self._acting_user = acting_user
        self._known: dict[str, Unit] = {}
        self._made: set[int] = set()
        self._permitted: set[int] | None = None
        if acting_user is not None:
            self._permitted = set(queries.unit_ids_visible_to(acting_user, IMPORT_INCIDENTS))
        self._check_place_of_new_units()
        self._may_create = rule.may_create and self._may_manage_place_of_new_units()

    def make_missing(self, paths: Iterable[UnitPath]) -> list[str]:
        """Look up the units of these rows and create those that the register lacks.

        Parameters
        ----------
        paths : iterable of tuple of MappedUnit
            From the top down.

        Returns
        -------
        list of str
            Codes of the new units.
        """
        levels: dict[str, tuple[MappedUnit, str | None]] = {}
        for path in paths:
            parent = self._rule.under or None
            for level in path:
                if level.code not in self._known:
                    levels.setdefault(level.code, (level, parent))
                parent = level.code
        if not levels:
            return []
        found = queries.newest_versions_by_code(levels)
        self._known.update({code: version.unit for code, version in found.items()})
        drafts = [
            services.UnitDraft(
                code=code,
                opened_on=dt.date.fromisoformat(self._rule.opened_on),
                names={self._rule.language: level.name},
                parent_code=parent,
                echelon=level.kind or str(Echelon.OTHER),
            )
            for code, (level, parent) in levels.items()
            if self._may_create and code not in self._known
        ]
        if drafts:
            self._make(drafts)
        return [draft.code for draft in drafts]

    def unit_of(self, path: UnitPath, day: dt.date) -> Unit:
        """Return the lowest unit of a row.

        Raises
        ------
        FormatError
            When the register does not have it, it did not exist on that day, or the user may
            not import into it.
        """
        code = path[-1].code
        unit = self._known.get(code)
        if unit is None or (self._permitted is not None and unit.pk not in self._permitted):
            raise FormatError(
                NO_UNIT_TO_IMPORT_INTO,
                code=code,
            )
        if not unit.opened_on <= day < unit.closed_on:
            raise FormatError(
                gettext_noop(
                    'The unit "%(code)s" existed from %(opened)s to %(closed)s, and the day '
                    "of the event is outside this period. Correct the day or the unit."
                ),
                code=code,
                opened=unit.opened_on.isoformat(),
                closed=unit.closed_on.isoformat(),
            )
        return unit

    def forget_made(self) -> None:
        """Units made so far are gone: the transaction that made them was rolled back."""
        self._known.clear()
        if self._permitted is not None:
            self._permitted -= self._made
        self._made.clear()

    def keep_made(self) -> None:
        """Units made so far stay: the transaction that made them is committed."""
        self._made.clear()

    def _make(self, drafts: Sequence[services.UnitDraft]) -> None:
        made = services.create_units(
            organisation=self._organisation(), drafts=drafts, acting_user=self._acting_user
        )
        self._known.update({unit.code: unit for unit in made})
        if self._permitted is not None:
            self._permitted.update(unit.pk for unit in made)
        self._made.update(unit.pk for unit in made)

    def _organisation(self) -> Organisation:
        rule = self._rule
        found = queries.organisation_of_code(rule.organisation)
        return found or services.create_organisation(
            code=rule.organisation,
            names={rule.language: rule.organisation_name or rule.organisation},
            country=rule.country or "KZ",
            acting_user=self._acting_user,
        )

    def _check_place_of_new_units(self) -> None:
        """New units must be where the user may import; only the system creates top units."""
        under = self._rule.under
        if under:
            version = queries.newest_versions_by_code([under]).get(under)
            if version is None or not self._is_permitted(version.unit):
                raise FormatError(
                    gettext_noop(
                        'New units would belong to "%(code)s", which is not a unit that you '
                        "may import into. Correct units.under in the mapping."
                    ),
                    code=under,
                )
        elif self._rule.may_create and self._permitted is not None:
            raise FormatError(
                gettext_noop(
                    "The mapping creates new units but does not say which unit they belong "
                    'to. Under [units] write under = "..." with the code of one of your '
                    "units, or create = false."
                )
            )

    def _may_manage_place_of_new_units(self) -> bool:
        """Without this right, a row whose unit is unknown is rejected."""
        user = self._acting_user
        if user is None:
            return True
        above = queries.newest_versions_by_code([self._rule.under])[self._rule.under].unit
        return MANAGE_UNITS in capabilities_over(user, {above.pk}).get(above.pk, ())

    def _is_permitted(self, unit: Unit) -> bool:
        return self._permitted is None or unit.pk in self._permitted
