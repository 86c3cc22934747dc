"""Fill a new installation with the small register of the tests; run it with its settings."""

from __future__ import annotations

import sys
from pathlib import Path


def main() -> None:
    import django

    django.setup()
    from django.db import transaction

    from tests.journeys.outlines import load_outlines
    from tests.world import make_world

    with transaction.atomic():
        make_world().revised_incident()
        load_outlines()


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    main()
