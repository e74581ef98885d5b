"""Look for secrets in every file that git would keep. What is found outside of the tests is never accepted.

A file that was looked at is looked at again when it has changed. The tests' made-up keys are listed by their hashes in
infra/known_secrets.json; after a new one, read the finding and run with --accept.

    python -m infra.check_secrets [--accept]
"""

import argparse
import hashlib
import json
import subprocess
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import astuple, dataclass
from importlib.metadata import version
from pathlib import Path

from detect_secrets.core.scan import scan_file
from detect_secrets.settings import transient_settings

from infra.dependencies import BUILD, ROOT
from infra.failure import Failure, run
from infra.progress import note, step

KNOWN = ROOT / "infra" / "known_secrets.json"
SEEN = BUILD / "scanned-for-secrets.json"
MADE_UP = "tests/"
WORKERS = 2
# Those of detect-secrets that fit what is here; each costs a tenth of the time.
LOOKS_LIKE = (
    "AWSKeyDetector",
    "Base64HighEntropyString",
    "BasicAuthDetector",
    "GitHubTokenDetector",
    "HexHighEntropyString",
    "JwtTokenDetector",
    "KeywordDetector",
    "PrivateKeyDetector",
    "PypiTokenDetector",
)
# A plain word is nobody's secret, nor is the name of a type.
NO_SECRETS = ["^[a-z_-]{1,12}$", r"^AWS(::\w+)+$"]
SETTINGS = {
    "plugins_used": [{"name": name} for name in LOOKS_LIKE],
    "filters_used": [{"path": "detect_secrets.filters.regex.should_exclude_secret", "pattern": NO_SECRETS}],
}


@dataclass(frozen=True)
class Finding:
    """Something that looks like a secret; `secret` is its hash."""

    path: str
    line: int
    kind: str
    secret: str

    @property
    def is_made_up(self) -> bool:
        """Whether it stands where nothing true should."""
        return self.path.startswith(MADE_UP)


def kept_files(root: Path) -> list[str]:
    """Return the files that git has, or would take. Raises Failure where git is not at home."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failure(f"git cannot list the files of {root}: {done.stderr.strip()}")
    listed = sorted(set(done.stdout.splitlines()) - {str(KNOWN.relative_to(ROOT))})
    return [each for each in listed if (root / each).is_file()]


def findings_in(root: Path, path: str) -> list[Finding]:
    """Return what looks like a secret in one file."""
    with transient_settings(SETTINGS):
        found = [Finding(path, one.line_number, one.type, one.secret_hash) for one in scan_file(str(root / path))]
    return sorted(set(found), key=astuple)


def digest_of(root: Path, path: str) -> str:
    """Return what stands for a file's content and for who looked at it."""
    content = (root / path).read_bytes()
    return hashlib.sha256(f"{path} {version('detect-secrets')} {SETTINGS} ".encode() + content).hexdigest()


def scanned(root: Path, paths: Iterable[str]) -> Iterator[Finding]:
    """Yield what is found, looking only at what has changed since the last time."""
    before: dict[str, list[list[str]]] = json.loads(SEEN.read_text()) if SEEN.exists() else {}
    digests = {path: digest_of(root, path) for path in paths}
    new = [path for path, digest in digests.items() if digest not in before]
    with ProcessPoolExecutor(WORKERS) as pool:
        looked = dict(zip(new, pool.map(findings_in, [root] * len(new), new, chunksize=16), strict=True))
    after = {
        digest: before.get(digest) or [[*astuple(each)] for each in looked.get(path, [])]
        for path, digest in digests.items()
    }
    SEEN.parent.mkdir(exist_ok=True)
    SEEN.write_text(json.dumps(after))
    yield from (Finding(path, int(line), kind, secret) for rows in after.values() for path, line, kind, secret in rows)


def unknown(found: Iterable[Finding], known: dict[str, list[str]]) -> list[Finding]:
    """Return the findings that nobody has accepted, and those that nobody could."""
    return [each for each in found if not (each.is_made_up and each.secret in known.get(each.path, []))]


def accepted(found: Iterable[Finding]) -> dict[str, list[str]]:
    """Return what is made up, by file, as it is listed."""
    made_up: dict[str, set[str]] = {}
    for each in found:
        if each.is_made_up:
            made_up.setdefault(each.path, set()).add(each.secret)
    return {path: sorted(secrets) for path, secrets in sorted(made_up.items())}


def main() -> int:
    """Look, and say what was found."""
    parser = argparse.ArgumentParser(prog="python -m infra.check_secrets", description="Look for secrets.")
    parser.add_argument("--accept", action="store_true", help="list the findings in tests/ as known")
    options = parser.parse_args()
    with step("looking for secrets"):
        found = list(scanned(ROOT, kept_files(ROOT)))
    if options.accept:
        KNOWN.write_text(json.dumps(accepted(found), indent=1) + "\n")
    new = unknown(found, json.loads(KNOWN.read_text()))
    for each in new:
        note(f"    {each.path}:{each.line}: {each.kind}")
    return 1 if new else 0


if __name__ == "__main__":
    run(main)
