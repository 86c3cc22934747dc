"""Every page: each file of pages has `urlpatterns` and `NAVIGATION`; this is their list."""

from __future__ import annotations

from qorgau.web.accounts import links as account_links
from qorgau.web.accounts import pages as accounts
from qorgau.web.accounts import requests as access_requests
from qorgau.web.effects import pages as effects
from qorgau.web.frame import display
from qorgau.web.imports import pages as imports
from qorgau.web.incidents import involved, versions
from qorgau.web.incidents import pages as incidents
from qorgau.web.journal import pages as journal
from qorgau.web.overview import pages as overview
from qorgau.web.places import pages as places
from qorgau.web.reporting_points import pages as reporting_points
from qorgau.web.reports import pages as reports
from qorgau.web.signals import pages as signals
from qorgau.web.triage import pages as triage
from qorgau.web.under_reporting import pages as under_reporting
from qorgau.web.units import pages as units

# In the order of the menu.
DOORS = (
    overview,
    reports,
    triage,
    incidents,
    involved,
    versions,
    signals,
    units,
    effects,
    under_reporting,
    places,
    reporting_points,
    access_requests,
    accounts,
    account_links,
    imports,
    journal,
    display,
)

urlpatterns = [pattern for door in DOORS for pattern in door.urlpatterns]
NAVIGATION = [entry for door in DOORS for entry in door.NAVIGATION]
