#!/bin/sh
# Makes .venv from nothing but Python 3.11 or later: what uv.lock pins, no more.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}

if ! "$python" -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
    echo "Qorgau needs Python 3.11 or later with its venv module, and '$python' is not that." >&2
    echo "Install one (Debian: apt-get install python3 python3-venv), or name it:" >&2
    echo "    make PYTHON=/path/to/python3.11 run" >&2
    exit 1
fi
if ! .venv/bin/python -c '' 2>/dev/null; then
    echo "Setting up .venv (once; about a minute) ..."
    "$python" -m venv --clear .venv
fi
if [ ! -x .venv/bin/uv ]; then
    .venv/bin/python -m pip install -qq --disable-pip-version-check 'uv>=0.9'
fi
UV_PYTHON_DOWNLOADS=never .venv/bin/uv sync --frozen --all-extras --quiet \
    --python .venv/bin/python
