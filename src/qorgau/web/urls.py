"""Every page: each door file has its `urlpatterns` and its `NAVIGATION`; this is their list."""

from __future__ import annotations

from qorgau.web import (
    accounts,
    display,
    effects,
    imports,
    incidents,
    involved,
    journal,
    overview,
    places,
    reports,
    signals,
    triage,
    under_reporting,
    units,
)

# In the order in which their lines stand in the navigation.
DOORS = (
    overview,
    reports,
    triage,
    signals,
    effects,
    incidents,
    involved,
    imports,
    units,
    under_reporting,
    places,
    journal,
    accounts,
    display,
)

urlpatterns = [pattern for door in DOORS for pattern in door.urlpatterns]
NAVIGATION = [entry for door in DOORS for entry in door.NAVIGATION]
