"""The application that ``qorgau serve`` serves with granian, over RSGI.

Another WSGI server can serve ``qorgau.project.wsgi``; it should read requests whole, as a reverse
proxy does, before it gives them to a thread.
"""

from __future__ import annotations

import os

from django.conf import settings

from qorgau.project.whole_requests import WholeRequests
from qorgau.project.wsgi import application as wsgi_application

# Enough that one slow page does not block the others; more would only compete for the cores.
_THREADS = 2 * (os.cpu_count() or 1) + 1


def _largest_body(path: str) -> int:
    """Files come on the pages of imports; the frame of a form around them is small."""
    takes_files = path.startswith(settings.QORGAU_TAKES_FILES)
    largest = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    return largest + settings.QORGAU_UPLOAD_LIMIT_BYTES if takes_files else largest


application = WholeRequests(wsgi_application, threads=_THREADS, largest_body=_largest_body)
