"""``qorgau migrate``: update the database to this version of Qorgau."""

from __future__ import annotations

import typer
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from qorgau.cli.terminal.output import say
from qorgau.foundation.index_sorting import sorted_on_disk
from qorgau.foundation.journal.keys import make_key_once

app = typer.Typer(add_completion=False)


@app.command()
def migrate() -> None:
    """Create the register's database, or update it to this version; data is kept."""
    count = migrate_database()
    applied = ngettext("%(count)s migration applied.", "%(count)s migrations applied.", count)
    say(applied % {"count": count} if count else _("The database is up to date."))
    print_key_if_new()


def print_key_if_new() -> None:
    """At installation the key of the journal is made; its public line is to leave the machine."""
    signer = make_key_once()
    if signer is not None:
        say(
            _(
                "Heads of the journal are signed with a new key. Keep this line of it outside,"
                " where nobody can change it together with the register: %(key)s"
            )
            % {"key": signer.verifier}
        )


def migrate_database() -> int:
    """Apply the missing migrations and return their number."""
    settings.DATA.mkdir(parents=True, exist_ok=True)
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        with sorted_on_disk():
            call_command("migrate", verbosity=0, interactive=False)
    return len(plan)
