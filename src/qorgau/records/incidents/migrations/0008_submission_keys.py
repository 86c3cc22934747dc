import qorgau.foundation.identifiers
from django.db import migrations, models


RANDOM_DIGEST = {
    "sqlite": "lower(hex(randomblob(32)))",
    "postgresql": "replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '')",
}


def give_unknown_keys(apps, schema_editor):
    """Reports of before have no key: nobody can send them again, and their codes stay."""
    connection = schema_editor.connection
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE incidents_report SET submission_digest = {RANDOM_DIGEST[connection.vendor]}"
        )


def end_sessions(apps, schema_editor):
    """Sessions of before held receipt codes of anonymous reports beside the account."""
    with schema_editor.connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_session")


class Migration(migrations.Migration):

    dependencies = [
        ("incidents", "0007_field_bounds"),
        ("sessions", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="report",
            name="submission_digest",
            field=models.CharField(editable=False, max_length=64, null=True),
        ),
        migrations.RunPython(give_unknown_keys, migrations.RunPython.noop),
        migrations.RunPython(end_sessions, migrations.RunPython.noop),
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
