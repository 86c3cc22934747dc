"""Three plain tables of a whole force: incidents, units, causes; Parquet or CSV, of any size.

Incidents are ``unit,day,cause[,cases][,recorded]``; units ``unit,parent[,from,until][,strength]``,
one row for each span in which a unit had one parent and one strength; causes ``cause,parent``.
DuckDB reads them; the extra ``tables`` installs it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from qorgau.exchange.formats.format_errors import FormatError, gettext_noop
from qorgau.exchange.formats.table_views import connect, in_sentences, open_view

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

FOREVER = dt.date.max

_COLUMNS = {
    "incidents": (("unit", "day", "cause"), ("cases", "recorded")),
    "units": (("unit", "parent"), ("from", "until", "strength")),
    "causes": (("cause", "parent"), ()),
}

_UNKNOWN_UNIT = gettext_noop(
    "The unit “%(name)s” of incidents (%(number)s) is not in the table of units. Add it "
    "there, or correct the incidents."
)
_UNKNOWN_CAUSE = gettext_noop(
    "The cause “%(name)s” of incidents (%(number)s) is not in the table of causes. Add it "
    "there, or correct the incidents."
)


@dataclass(frozen=True)
class UnitSpanRow:
    """The parent and strength of a unit from a day until, not including, another.

    Attributes
    ----------
    unit : str
    parent : str
        Empty at the top.
    start, end : date
    strength : float or None
        Persons in the unit itself; None when it is not known.
    """

    unit: str
    parent: str
    start: dt.date
    end: dt.date
    strength: float | None


@dataclass(frozen=True, eq=False)
class IncidentColumns:
    """Incidents, sorted by unit and day.

    Attributes
    ----------
    unit, cause : ndarray of int, shape (rows,)
        Position in the given lists of units and of causes.
    day : ndarray of int, shape (rows,)
        Day number (`datetime.date.toordinal`).
    cases : ndarray of int, shape (rows,)
    """

    unit: npt.NDArray[np.int32]
    cause: npt.NDArray[np.int16]
    day: npt.NDArray[np.int32]
    cases: npt.NDArray[np.int64]


class ForceTables:
    """The three tables, open for reading.

    Parameters
    ----------
    incidents, units, causes : Path
        Files; a name may contain ``*`` for many Parquet files of one table.
    folder : Path
        Where DuckDB may store what does not fit into memory.

    Raises
    ------
    FormatError
        When DuckDB is not installed, or a file is missing, unreadable or lacks a column.
    """

    def __init__(self, *, incidents: Path, units: Path, causes: Path, folder: Path) -> None:
        self._base = connect(folder)
        files = {"incidents": incidents, "units": units, "causes": causes}
        for table, path in files.items():
            needed, optional = _COLUMNS[table]
            open_view(self._base, table, path, needed=needed, optional=optional)

    def causes(self) -> dict[str, str]:
        """The next wider cause of each; empty for the widest.

        Raises
        ------
        FormatError
            When a cause is named twice, or its parent is not in the table.
        """
        rows = self._rows("SELECT cause, coalesce(parent, '') FROM causes")
        wider: dict[str, str] = {}
        for cause, parent in rows:
            if not cause:
                raise FormatError(gettext_noop("A row of the causes names no cause."))
            if cause in wider:
                raise FormatError(
                    gettext_noop("The cause %(cause)s is in two rows. Keep one of them."),
                    cause=cause,
                )
            wider[cause] = parent
        _check_parents(
            wider.items(),
            wider,
            gettext_noop("The cause %(name)s belongs to %(parent)s, which is not in any row."),
        )
        return wider

    def units(self) -> list[UnitSpanRow]:
        """The spans of every unit, in the order of the units' codes and days.

        Raises
        ------
        FormatError
            When a day or strength cannot be read, spans of a unit overlap, or its parent is not
            in the table.
        """
        sought = (
            'SELECT unit, coalesce(parent, \'\'), "from", TRY_CAST("from" AS DATE), '
            "until, TRY_CAST(until AS DATE), strength, TRY_CAST(strength AS DOUBLE) "
            "FROM units ORDER BY 1, 4 NULLS FIRST"
        )
        found: list[UnitSpanRow] = []
        for unit, parent, start_text, start, end_text, end, strength_text, strength in self._rows(
            sought
        ):
            if not unit:
                raise FormatError(gettext_noop("A row of the units names no unit."))
            for text, value in ((start_text, start), (end_text, end), (strength_text, strength)):
                if text and value is None:
                    raise FormatError(
                        gettext_noop("Unit %(unit)s: “%(text)s” is not a date or a strength."),
                        unit=unit,
                        text=text,
                    )
            row = UnitSpanRow(unit, parent, start or dt.date.min, end or FOREVER, strength)
            _check_row(row, found[-1] if found and found[-1].unit == unit else None)
            found.append(row)
        if not found:
            raise FormatError(gettext_noop("The table of units has no row."))
        _check_parents(
            ((row.unit, row.parent) for row in found),
            {row.unit for row in found},
            gettext_noop("The unit %(name)s belongs to %(parent)s, which is not in any row."),
        )
        return found

    def days(self) -> tuple[dt.date, dt.date]:
        """The days of the first and of the last incident.

        Raises
        ------
        FormatError
            When there is no incident, or a day is not a date.
        """
        first, last, bad = self._rows(
            "SELECT min(on_day), max(on_day), min(day) FILTER (on_day IS NULL) FROM "
            "(SELECT day, TRY_CAST(day AS DATE) AS on_day FROM incidents)"
        )[0]
        if bad is not None:
            raise FormatError(
                gettext_noop("“%(text)s” is not the date of an incident. Write it as 2026-01-31."),
                text=bad,
            )
        if first is None:
            raise FormatError(gettext_noop("The table of incidents has no row with a day."))
        return first, last

    def left_out(self, as_of: dt.date | None = None) -> tuple[int, int]:
        """How many incidents have no day; and, as of a day, how many have no day of recording."""
        undated, unrecorded = self._rows(
            "SELECT count(*) FILTER (day IS NULL), "
            "count(*) FILTER (day IS NOT NULL AND recorded IS NULL) FROM incidents"
        )[0]
        return undated, 0 if as_of is None else unrecorded

    def incidents(
        self,
        units: list[str],
        causes: list[str],
        *,
        first: dt.date,
        until: dt.date,
        as_of: dt.date | None = None,
    ) -> IncidentColumns:
        """Read the incidents of a period.

        Parameters
        ----------
        units, causes : list of str
            Names; the result refers to them by position.
        first, until : date
            Days from the first until, not including, the last.
        as_of : date, optional
            Leave out incidents recorded after this day.

        Returns
        -------
        IncidentColumns

        Raises
        ------
        FormatError
            When the unit or cause of an incident is unknown, its cases are not a whole number
            above zero, or `as_of` is given and the table has no readable days of recording.
        """
        self._name("unit_places", units)
        self._name("cause_places", causes)
        if as_of is not None:
            self._check_recorded()
        self._check_incidents()
        columns = self._run(
            """
            SELECT u.place::INTEGER AS unit, c.place::SMALLINT AS cause,
                   (datediff('day', DATE '0001-01-01', i.day::DATE) + 1)::INTEGER AS day,
                   coalesce(TRY_CAST(i.cases AS BIGINT), 1) AS cases
            FROM incidents i JOIN unit_places u ON u.name = i.unit
                 JOIN cause_places c ON c.name = i.cause
            WHERE i.day::DATE >= $first AND i.day::DATE < $until
                  AND ($as_of IS NULL OR TRY_CAST(i.recorded AS DATE) <= $as_of)
            ORDER BY unit, day
            """,
            {"first": first, "until": until, "as_of": as_of},
        ).fetchnumpy()
        return IncidentColumns(**{name: np.asarray(array) for name, array in columns.items()})

    def _check_recorded(self) -> None:
        """Refuse a table that does not say when rows were recorded."""
        if not self._rows("SELECT 1 FROM incidents WHERE recorded > '' LIMIT 1"):
            raise FormatError(
                gettext_noop(
                    "Only a table with the column “recorded” shows what was known on that day."
                )
            )
        wrong = self._rows(
            "SELECT recorded FROM incidents WHERE recorded <> '' "
            "AND TRY_CAST(recorded AS DATE) IS NULL LIMIT 1"
        )
        if wrong:
            raise FormatError(
                gettext_noop("“%(text)s” is not the date of recording. Write it as 2026-01-31."),
                text=wrong[0][0],
            )

    def _check_incidents(self) -> None:
        """Refuse incidents of unknown units or causes, and cases that are not a number."""
        for column, table, fault in (
            ("unit", "unit_places", _UNKNOWN_UNIT),
            ("cause", "cause_places", _UNKNOWN_CAUSE),
        ):
            bad = self._rows(
                f"SELECT coalesce({column}, ''), count(*) FROM incidents "
                f"WHERE {column} IS NULL OR {column} NOT IN (SELECT name FROM {table}) "
                "GROUP BY 1 ORDER BY 2 DESC LIMIT 1"
            )
            if bad:
                raise FormatError(fault, column=column, name=bad[0][0], number=bad[0][1])
        wrong = self._rows(
            "SELECT cases FROM incidents WHERE cases <> '' "
            "AND coalesce(TRY_CAST(cases AS BIGINT), 0) < 1 LIMIT 1"
        )
        if wrong:
            raise FormatError(
                gettext_noop("“%(text)s” is not a number of cases. Write whole numbers from 1."),
                text=wrong[0][0],
            )

    def _name(self, table: str, names: list[str]) -> None:
        self._run(f"CREATE OR REPLACE TEMP TABLE {table} (name VARCHAR, place INTEGER)")
        self._run(
            f"INSERT INTO {table} SELECT name, row_number() OVER () - 1 "
            "FROM (SELECT unnest($names) AS name)",
            {"names": names},
        )

    def _rows(self, sought: str) -> list[tuple[Any, ...]]:
        return self._run(sought).fetchall()

    def _run(self, statement: str, given: dict[str, Any] | None = None) -> DuckDBPyConnection:
        with in_sentences(gettext_noop("the tables")):
            return self._base.execute(statement, given or {})


def _check_row(row: UnitSpanRow, before: UnitSpanRow | None) -> None:
    if row.start >= row.end:
        raise FormatError(
            gettext_noop(
                "Unit %(unit)s: a period ends on %(end)s, which is not later than its beginning."
            ),
            unit=row.unit,
            end=row.end,
        )
    if before is not None and row.start < before.end:
        raise FormatError(
            gettext_noop("Unit %(unit)s: two rows cover the same day, %(day)s."),
            unit=row.unit,
            day=max(row.start, before.start),
        )
    if row.strength is not None and not 0 <= row.strength < float("inf"):
        raise FormatError(
            gettext_noop("Unit %(unit)s: %(strength)s is not a possible strength."),
            unit=row.unit,
            strength=row.strength,
        )


def _check_parents(pairs: Iterable[tuple[str, str]], known: Container[str], template: str) -> None:
    for name, parent in pairs:
        if parent and parent not in known:
            raise FormatError(template, name=name, parent=parent)
