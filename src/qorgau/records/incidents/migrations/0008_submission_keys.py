import secrets

import qorgau.foundation.identifiers
from django.db import migrations, models


def give_unknown_keys(apps, schema_editor):
    """Reports of before have no key: nobody can send them again, and their codes stay."""
    Report = apps.get_model("incidents", "Report")
    for report in Report.objects.only("pk").iterator():
        Report.objects.filter(pk=report.pk).update(submission_digest=secrets.token_hex(32))


class Migration(migrations.Migration):

    dependencies = [
        ("incidents", "0007_field_bounds"),
    ]

    operations = [
        migrations.AddField(
            model_name="report",
            name="submission_digest",
            field=models.CharField(editable=False, max_length=64, null=True),
        ),
        migrations.RunPython(give_unknown_keys, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="report",
            name="submission_digest",
            field=models.CharField(editable=False, max_length=64, unique=True),
        ),
        migrations.AlterField(
            model_name="report",
            name="id",
            field=models.BigIntegerField(
                default=qorgau.foundation.identifiers.random_row_key,
                editable=False,
                primary_key=True,
                serialize=False,
            ),
        ),
    ]
