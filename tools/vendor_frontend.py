"""Update the front-end files in the package, as named in `vendor.lock.json`.

`python tools/vendor_frontend.py` fetches every package of the lock with `npm pack`, copies the
files that the lock lists, and stops with a sentence when one differs from its recorded SHA-256.
`--update NAME@VERSION` moves one package to a new version and records the new hashes. The
trailing pointer to a source map is cut off, because the maps are not shipped; hashes are of what
is shipped. npm is needed only here, never to run or to test Qorgau.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "qorgau"
LOCK = PACKAGE / "web" / "static" / "vendor" / "vendor.lock.json"
SOURCE_MAP = re.compile(rb"\n?(/\*# sourceMappingURL=\S+ ?\*/|//# sourceMappingURL=\S+)\s*\Z")


def fetch(name: str, version: str, folder: Path) -> Path:
    """Return the tarball of one npm package, packed into `folder`."""
    done = subprocess.run(
        ["npm", "pack", f"{name}@{version}", "--silent", "--pack-destination", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise SystemExit(f"npm could not pack {name}@{version}: {done.stderr.strip()}")
    return folder / done.stdout.strip().splitlines()[-1]


def refresh(package: dict[str, Any], *, record: bool) -> None:
    """Copy one package's files into place; record their hashes, or compare them with the lock's."""
    with tempfile.TemporaryDirectory() as folder:
        tarball = fetch(package["name"], package["version"], Path(folder))
        with tarfile.open(tarball) as archive:
            for file in package["files"]:
                member = archive.extractfile(f"package/{file['from']}")
                if member is None:
                    raise SystemExit(f"{package['name']} has no {file['from']}; correct the lock.")
                content = SOURCE_MAP.sub(b"\n", member.read())
                found = hashlib.sha256(content).hexdigest()
                if not record and found != file["sha256"]:
                    raise SystemExit(
                        f"{package['name']} {package['version']}: {file['from']} has SHA-256 "
                        f"{found}, the lock says {file['sha256']}. Nothing more was copied."
                    )
                file["sha256"] = found
                target = PACKAGE / file["to"]
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--update", metavar="NAME@VERSION", help="move one package to a version")
    arguments = parser.parse_args()
    lock = json.loads(LOCK.read_text(encoding="utf-8"))
    name, _, version = (arguments.update or "").rpartition("@")
    if name and name not in {package["name"] for package in lock["packages"]}:
        raise SystemExit(f"The lock has no {name}; add it with the files to copy, then update.")
    for package in lock["packages"]:
        if package["name"] == name:
            package["version"] = version
        refresh(package, record=package["name"] == name)
        print(f"{package['name']} {package['version']}: {len(package['files'])} files")
    LOCK.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
