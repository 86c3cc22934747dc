"""Whether the machine is healthy, as far as the register itself can tell."""

from __future__ import annotations

import shutil

from django.conf import settings
from django.db import connection
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

# Below this share of the disk an administrator is told to act.
LEAST_FREE = 0.1


def installation_facts() -> list[tuple[str, str]]:
    """What the register runs on; the version stands at the foot of every page."""
    disk = shutil.disk_usage(settings.DATA)
    return [
        (_("Database"), connection.display_name),
        (_("Free on the disk of the data"), str(filesizeformat(disk.free))),
    ]


def is_disk_nearly_full() -> bool:
    disk = shutil.disk_usage(settings.DATA)
    return disk.free < LEAST_FREE * disk.total
