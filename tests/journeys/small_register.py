"""Fill a new installation with the small register of the tests; run it with its settings."""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> None:
    import django

    django.setup()
    from django.db import transaction

    from qorgau.foundation.identity.roles import Role
    from tests.journeys.outlines import load_outlines
    from tests.records.acting_users import somebody
    from tests.world import PASSWORD, make_world

    with transaction.atomic():
        world = make_world()
        world.revised_incident()
        load_outlines()
        # A second administrator of the battalion, and an auditor of everything.
        deputy = somebody(world.battalion, [Role.ADMINISTRATOR], name="deputy")
        auditor = somebody(world.brigade, [Role.AUDITOR], name="auditor")
        for user in (deputy, auditor):
            user.set_password(PASSWORD)
            user.save()


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    main()
