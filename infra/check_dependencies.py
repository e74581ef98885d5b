"""Ask whether a dependency has a known vulnerability, and whether what is shipped may be shipped.

Vulnerabilities are asked of OSV once a day for one set of pins. Without a network nothing is known, which is said and
is no fault; before a release, `--require` makes it one.

    python -m infra.check_dependencies [--require]
"""

import argparse
import hashlib
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import metadata
from typing import Any

import requests

from infra.dependencies import BUILD, ROOT
from infra.failure import Failure, run
from infra.progress import note, step

SHIPPED, ALL = ROOT / "requirements.txt", ROOT / "requirements-dev.txt"
SERVICE, PATIENCE = "https://api.osv.dev", 4
# A vulnerability that does not concern us, and why.
ALLOWED: dict[str, str] = {}
PERMISSIVE = re.compile(r"\b(MIT(-0)?|Apache|BSD|PSF|ISC)\b")


@dataclass(frozen=True)
class Audit:
    """What an audit said: a sentence for each vulnerability, and who could not be asked about."""

    vulnerabilities: tuple[str, ...]
    unasked: tuple[str, ...]


def is_answering() -> bool:
    """Whether the service can be reached."""
    try:
        requests.head(SERVICE, timeout=PATIENCE)
    except requests.RequestException:
        return False
    return True


def audit() -> Audit:
    """Ask about every pin. Raises Failure when pip-audit does not do its work."""
    options = "--no-deps --disable-pip --vulnerability-service osv --format json --progress-spinner off --timeout 15"
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(ALL), *options.split()]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if not done.stdout.strip():
        raise Failure(f"pip-audit ended without a result: {done.stderr.strip().splitlines()[-1]}")
    return read_audit(done.stdout)


def read_audit(text: str) -> Audit:
    """Return what pip-audit's JSON says. A package that it skipped is not one that it found to be good."""
    packages: list[dict[str, Any]] = json.loads(text)["dependencies"]
    found = [
        f"{package['name']} {package['version']}: {one['id']}, fixed in {', '.join(one['fix_versions']) or 'none'}"
        for package in packages
        for one in package.get("vulns", [])
        if one["id"] not in ALLOWED
    ]
    return Audit(tuple(found), tuple(package["name"] for package in packages if "skip_reason" in package))


def check_vulnerabilities(is_required: bool) -> int:
    """Say what is known of our pins; return how much of it is a fault."""
    pins = SHIPPED.read_bytes() + ALL.read_bytes() + repr(ALLOWED).encode()
    day = datetime.now(UTC).date().isoformat()
    passed = BUILD / f"audited-{day}-{hashlib.sha256(pins).hexdigest()[:16]}"
    if passed.exists():
        return 0
    if not is_answering():
        note(f"  dependencies are not audited: no network to {SERVICE}")
        return int(is_required)
    with step("asking for known vulnerabilities"):
        told = audit()
    for line in (*told.vulnerabilities, *(f"{name}: could not be asked about" for name in told.unasked)):
        note(f"    {line}")
    if not told.vulnerabilities and not told.unasked:
        BUILD.mkdir(exist_ok=True)
        passed.touch()
    return len(told.vulnerabilities) + (len(told.unasked) if is_required else 0)


def licence_of(name: str) -> str:
    """Return what a package says of its licence, in whichever of the places it says it."""
    about = metadata(name)
    told = [text for name in ("License-Expression", "License") for text in about.get_all(name) or []]
    kinds = [each.rpartition(" :: ")[2] for each in about.get_all("Classifier") or [] if each.startswith("License ::")]
    return "; ".join([*told, *kinds]) or "none told"


def strict_licences() -> list[str]:
    """Return what is shipped under a licence that asks for more than to be named."""
    names = [line.partition("==")[0] for line in SHIPPED.read_text().splitlines() if "==" in line]
    licences = {name: licence_of(name) for name in names}
    return [f"{name}: {licence}" for name, licence in licences.items() if not PERMISSIVE.search(licence)]


def main() -> int:
    """Check both and say what was found."""
    parser = argparse.ArgumentParser(prog="python -m infra.check_dependencies", description="Audit the dependencies.")
    parser.add_argument("--require", action="store_true", help="fail where nothing could be asked")
    options = parser.parse_args()
    strict = strict_licences()
    for line in strict:
        note(f"    licence to be read: {line}")
    return 1 if check_vulnerabilities(options.require) + len(strict) else 0


if __name__ == "__main__":
    run(main)
