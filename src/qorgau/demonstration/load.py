"""Load the synthetic brigade into a register through its services, all of it or nothing."""

from __future__ import annotations

import datetime as dt

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from qorgau.demonstration.brigade import (
    DEFAULT_SEED,
    Brigade,
    make_brigade,
    newest_last_day,
)
from qorgau.demonstration.establishment import ROOT_CODE
from qorgau.demonstration.load_events import record_all_incidents, send_reports
from qorgau.demonstration.load_people import (
    change_units,
    make_accounts,
    make_sites,
    make_units,
    record_everybody,
    report_every_strength,
)
from qorgau.demonstration.present import Loaded, loaded_demonstration
from qorgau.foundation import clock
from qorgau.records.people import queries as people
from qorgau.records.people.choices import OrganisationKind
from qorgau.records.people.services import create_organisation

_NAMES = {
    "kk": "Жасанды көрсетілім",
    "ru": "Синтетическая демонстрация",
    "en": "Synthetic demonstration",
}


def load_demonstration(*, seed: int | None = None, last_day: dt.date | None = None) -> Loaded:
    """Load the synthetic brigade into the register, unless it is already there.

    Everything is written by the services, with their journal rows, in one transaction.

    Parameters
    ----------
    seed : int, optional
        Equal seeds and last days give equal brigades. Default: that of the loaded brigade, or
        ``DEFAULT_SEED``.
    last_day : datetime.date, optional
        A past Sunday. Default: that of the loaded brigade, or the last Sunday before today.

    Returns
    -------
    Loaded

    Raises
    ------
    django.core.exceptions.ValidationError
        If another demonstration is loaded, the register contains units that are not synthetic,
        the last day is not a past Sunday, or the seed is negative.
    """
    with transaction.atomic():
        present = loaded_demonstration()
        if present:
            _require_same(present, seed, last_day)
            return present
        _require_no_real_units()
        end = last_day or newest_last_day(clock.today())
        if end >= clock.today():
            raise ValidationError(
                _("%(day)s is not over yet. Choose a Sunday in the past."),
                params={"day": end},
            )
        try:
            brigade = make_brigade(DEFAULT_SEED if seed is None else seed, end)
        except ValueError as error:
            raise ValidationError(str(error)) from error
        return Loaded(True, brigade.seed, end, _load(brigade))


def _require_same(present: Loaded, seed: int | None, last_day: dt.date | None) -> None:
    if (seed, last_day) in ((None, None), (present.seed, present.last_day)):
        return
    if seed in (None, present.seed) and last_day in (None, present.last_day):
        return
    raise ValidationError(
        _(
            "The register already has the demonstration with seed %(seed)s up to %(day)s, "
            "and it can have only one. Leave out the seed and the day, or set QORGAU_DATA to "
            "an empty folder for another register."
        ),
        params={"seed": present.seed, "day": present.last_day},
    )


def _require_no_real_units() -> None:
    if people.top_units().filter(is_synthetic=False).exists():
        raise ValidationError(
            _(
                "The register has units that are not synthetic, and the demonstration must "
                "not be mixed with them. Set QORGAU_DATA to an empty folder for a separate "
                "register."
            )
        )


def _load(brigade: Brigade) -> dict[str, int]:
    organisation = create_organisation(
        code=f"{ROOT_CODE}-{brigade.seed}-{brigade.last_day:%Y%m%d}",
        names=_NAMES,
        kind=str(OrganisationKind.MILITARY),
        acting_user=None,
    )
    units = make_units(brigade, organisation)
    users = make_accounts(units)
    persons = record_everybody(brigade)
    units |= change_units(brigade, units, persons)
    sites = make_sites(users["admin"])
    incidents = record_all_incidents(brigade, units, persons, sites, users["officer"])
    send_reports(brigade, units, sites, incidents, users)
    return {
        "units": len(units),
        "people": len(persons),
        "strength_reports": report_every_strength(brigade, units),
        "sites": len(sites),
        "incidents": len(incidents),
        "reports": len(brigade.reports),
        "accounts": len(users),
    }
