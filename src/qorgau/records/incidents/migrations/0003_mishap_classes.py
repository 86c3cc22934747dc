"""The mishap classes of the US Department of Defense, as effective-dated data."""

import datetime as dt
from decimal import Decimal

from django.db import migrations

_FOREVER = dt.date(9999, 12, 31)
_SOURCE = "DoDI 6055.07, mishap classes; fiscal years begin on 1 October"
# (from, until, checked against the original, {class: cost at least, in US dollars})
_PERIODS = [
    (dt.date(1989, 10, 1), dt.date(2009, 10, 1), False,
     {"A": 1_000_000, "B": 200_000, "C": 20_000, "D": 2_000}),
    (dt.date(2009, 10, 1), dt.date(2019, 10, 1), True,
     {"A": 2_000_000, "B": 500_000, "C": 50_000, "D": 20_000}),
    (dt.date(2019, 10, 1), _FOREVER, True,
     {"A": 2_500_000, "B": 600_000, "C": 60_000, "D": 25_000}),
]


def add_thresholds(apps, schema_editor):
    threshold = apps.get_model("incidents", "SeverityThreshold")
    threshold.objects.bulk_create(
        threshold(
            scheme="dod",
            severity_class=severity_class,
            cost_at_least=Decimal(cost),
            currency="USD",
            effective_from=start,
            effective_until=end,
            is_verified=is_verified,
            source=_SOURCE,
        )
        for start, end, is_verified, costs in _PERIODS
        for severity_class, cost in costs.items()
    )


def remove_thresholds(apps, schema_editor):
    apps.get_model("incidents", "SeverityThreshold").objects.filter(scheme="dod").delete()


class Migration(migrations.Migration):
    dependencies = [("incidents", "0002_initial")]
    operations = [migrations.RunPython(add_thresholds, remove_thresholds)]
