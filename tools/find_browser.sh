#!/bin/sh
# Prints the path of a Chromium for the journeys; as root on Debian it installs one if need be.
set -eu

find_one() {
    for name in "${QORGAU_BROWSER:-}" chromium chromium-browser google-chrome chrome; do
        [ -n "$name" ] && command -v "$name" && return 0
    done
    return 1
}

find_one && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Chromium for the journeys ..." >&2
    export DEBIAN_FRONTEND=noninteractive
    { apt-get -qq update && apt-get -qq install -y --no-install-recommends chromium; } >&2
    find_one && exit 0
fi
echo "The journeys need a Chromium, and none was found. Install one (Debian, as root:" >&2
echo "apt-get install chromium), or name its program in QORGAU_BROWSER." >&2
exit 1
