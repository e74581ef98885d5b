"""What the functions carry beside our own code: installed once per set of pins, slimmed, compiled, zipped.

Lambda's folders are read-only, so what is not compiled here is compiled at every cold start. The runtime has a boto3
of its own, but an older one on another day: ours is pinned, and loses the data of services that no function calls.
"""

import hashlib
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from infra.failure import Failure

ROOT = Path(__file__).parent.parent
BUILD = ROOT / ".build"
WHEELS = {"arm64": "manylinux2014_aarch64", "x86_64": "manylinux2014_x86_64"}
CALLED = {"dynamodb", "scheduler", "sqs", "ssm", "sts"}
UNUSED_TOOLS = (
    "auth_alpha",
    "batch",
    "circuit_breaker",
    "data_classes",
    "data_masking",
    "feature_flags",
    "idempotency",
    "kafka",
    "metadata",
    "parser",
    "streaming",
    "validation",
)
UNUSED = (
    "*.dist-info",
    "bin",
    "boto3/examples",
    "boto3/data/*",
    "botocore/data/*/*/examples-1.json*",
    "aws_lambda_powertools/event_handler",
    *(f"aws_lambda_powertools/utilities/{name}" for name in UNUSED_TOOLS),
    "*/tests",
    "**/*.pyi",
    "**/__pycache__",
)


@dataclass(frozen=True)
class Target:
    """A machine that the code will run on: `arm64` or `x86_64`, and whether it is this very machine."""

    architecture: str
    here: bool

    @property
    def platform_options(self) -> list[str]:
        """Options that make pip fetch wheels for the target; none for this machine, which may not be Linux."""
        if self.here:
            return []
        return ["--platform", WHEELS[self.architecture], "--implementation", "cp", "--only-binary", ":all:"]


def this_machine() -> Target:
    """Return the target that is this machine."""
    return Target("arm64" if platform.machine().lower() in ("arm64", "aarch64") else "x86_64", here=True)


def bundle(target: Target) -> Path:
    """Return a zip of everything in requirements.txt for a target, made now unless it exists.

    Raises Failure when pip cannot install all of it.
    """
    kept = BUILD / f"dependencies-{fingerprint(target)}.zip"
    if not kept.exists():
        folder = kept.with_suffix("")
        shutil.rmtree(folder, ignore_errors=True)
        install(target, folder)
        slim(folder)
        compile_all(folder)
        making = kept.with_suffix(".making")
        write_zip(making, files_of(folder))
        making.rename(kept)
        shutil.rmtree(folder)
    return kept


def fingerprint(target: Target) -> str:
    """Return what the bundle depends on: pins, target, interpreter, and the slimming rules of this file."""
    parts = (
        (ROOT / "requirements.txt").read_bytes(),
        Path(__file__).read_bytes(),
        repr(target).encode(),
        sys.implementation.cache_tag.encode() if sys.implementation.cache_tag else b"",
    )
    return hashlib.sha256(b"\0".join(parts)).hexdigest()[:16]


def install(target: Target, folder: Path) -> None:
    """Install the pins into a folder."""
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-compile",
        "--no-deps",
        "--target",
        str(folder),
        *target.platform_options,
        "-r",
        str(ROOT / "requirements.txt"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        reason = next((line for line in done.stderr.splitlines() if line.startswith("ERROR")), done.stderr.strip())
        raise Failure(f"pip could not install requirements.txt for {target.architecture}: {reason}")


def slim(folder: Path) -> None:
    """Remove what no function reads."""
    for pattern in UNUSED:
        for path in list(folder.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for service in (folder / "botocore" / "data").iterdir():
        if service.is_dir() and service.name not in CALLED:
            shutil.rmtree(service)


def compile_all(folder: Path) -> None:
    """Add bytecode that Lambda takes without looking at the source's time, which zips do not keep."""
    command = [
        sys.executable,
        "-m",
        "compileall",
        "-q",
        "-j",
        "0",
        "-s",
        str(folder),
        "--invalidation-mode",
        "unchecked-hash",
    ]
    if subprocess.run([*command, str(folder)], check=False).returncode:
        raise Failure(f"{folder} does not compile")


def files_of(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield every file of a folder by name, sorted."""
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        yield path.relative_to(folder).as_posix(), path.read_bytes()


def write_zip(path: Path, files: Iterator[tuple[str, bytes]], mode: str = "w") -> None:
    """Write files into a zip that is the same, byte for byte, whenever its files are the same."""
    with ZipFile(path, "a" if mode == "a" else "w", ZIP_DEFLATED) as archive:
        for name, content in files:
            entry = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type = ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
