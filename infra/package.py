"""Make what is deployed: one zip with the code and its dependencies, and the template that describes everything else.

One zip rather than a layer: a layer would be uploaded less often, but both are unpacked at every cold start, and a
layer's versions pile up. The dependencies are zipped once per set of pins and only copied afterwards.

    python -m infra.package --stage dev --out build-folder
"""

import argparse
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from infra.dependencies import BUILD, ROOT, Target, bundle, compile_all, files_of, this_machine, write_zip
from infra.failure import Failure, run
from infra.progress import note, step
from infra.structure import faults, load_yaml

STAGES = tuple(json.loads((ROOT / ".chalice" / "config.json").read_text())["stages"])
MERGED = ROOT / "infra" / "template.yaml"
IMPORT_ALL = """
import sys
sys.path.insert(0, sys.argv[1])
import app
for modules in (*app.HANDLERS.values(), app.SELDOM):
    for module in modules:
        app.handler(module)
"""


@dataclass(frozen=True)
class Package:
    """What was made of a stage: a SAM template whose CodeUri is `./deployment.zip`, and that zip."""

    stage: str
    template: dict[str, Any]
    code: Path

    @property
    def unpacked_bytes(self) -> int:
        """How much the zip unpacks to; Lambda's limit is 250 MB."""
        with ZipFile(self.code) as archive:
            return sum(entry.file_size for entry in archive.infolist())


def package(stage: str, out: Path) -> Package:
    """Package a stage into a folder, check the result, and return it.

    Raises Failure when a dependency cannot be installed, the template has a fault, or the zip does not import.
    """
    target = target_of(stage)
    with step(f"dependencies for {target.architecture}"):
        dependencies = bundle(target)
    with step("chalice package"), tempfile.TemporaryDirectory() as scratch:
        project = staged_project(Path(scratch), target)
        template = packaged_template(project, stage)
        made = Package(stage, template, zip_with(dependencies, project, out))
    (out / "template.json").write_text(json.dumps(template, indent=1, sort_keys=True, ensure_ascii=False))
    with step("checking it"):
        check(made, target)
    return made


def target_of(stage: str) -> Target:
    """Return the machine that a stage's functions run on; the local stage's is this one."""
    if stage not in STAGES:
        raise Failure(f"no stage {stage!r} in .chalice/config.json; there are {', '.join(STAGES)}")
    if stage == "local":
        return this_machine()
    config = json.loads((ROOT / ".chalice" / "config.json").read_text())
    architecture = config["stages"][stage].get("lambda_architecture", config["lambda_architecture"])
    return Target(architecture, here=False)


def staged_project(folder: Path, target: Target) -> Path:
    """Copy what Chalice packages, without requirements: those are bundled already."""
    ignored = shutil.ignore_patterns("__pycache__", "deployments", "deployed")
    for name in ("chalicelib", ".chalice"):
        shutil.copytree(ROOT / name, folder / name, ignore=ignored)
    shutil.copy(ROOT / "app.py", folder)
    (folder / "requirements.txt").touch()
    config = folder / ".chalice" / "config.json"
    settings = json.loads(config.read_text())
    for stage in settings["stages"].values():
        stage["lambda_architecture"] = target.architecture
    config.write_text(json.dumps(settings))
    return folder


def packaged_template(project: Path, stage: str) -> dict[str, Any]:
    """Run `chalice package` in a project and return the template that it wrote."""
    command = [
        sys.executable,
        "-c",
        "from chalice.cli import main; main()",
        "package",
        "--stage",
        stage,
        "--merge-template",
        str(MERGED),
        "out",
    ]
    environment = {"AWS_DEFAULT_REGION": "us-east-1", **os.environ, "PYTHONPATH": ""}
    done = subprocess.run(command, cwd=project, env=environment, capture_output=True, text=True, check=False)
    said = done.stdout + done.stderr
    if done.returncode or "Could not install dependencies" in said:
        raise Failure(f"chalice package failed: {said.strip().splitlines()[-1]}")
    return load_yaml(project / "out" / "sam.yaml")


def zip_with(dependencies: Path, project: Path, out: Path) -> Path:
    """Write the zip of a project: a copy of the dependencies, then Chalice's runtime and our code with its bytecode."""
    out.mkdir(parents=True, exist_ok=True)
    code = out / "deployment.zip"
    unpacked = project / "unpacked"
    with ZipFile(project / "out" / "deployment.zip") as archive:
        archive.extractall(unpacked)
    compile_all(unpacked)
    shutil.copyfile(dependencies, code)
    write_zip(code, files_of(unpacked), mode="a")
    return code


def check(made: Package, target: Target) -> None:
    """Refuse a package that Chalice let through but that cannot work."""
    if found := faults(made.template, load_yaml(MERGED)):
        raise Failure("the template has faults: " + "; ".join(found))
    if target.architecture == this_machine().architecture and platform.system() == "Linux":
        check_imports(made.code)


def check_imports(code: Path) -> None:
    """Import every handler from the zip and from nothing else; remembered for a zip that passed."""
    passed = BUILD / f"imported-{hashlib.sha256(code.read_bytes()).hexdigest()[:16]}"
    if passed.exists():
        return
    with tempfile.TemporaryDirectory() as folder:
        with ZipFile(code) as archive:
            archive.extractall(folder)
        environment = {"STAGE": "local", "STACK": "chaoxi", "AWS_DEFAULT_REGION": "us-east-1"}
        command = [sys.executable, "-I", "-S", "-c", IMPORT_ALL, folder]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Failure(f"the packaged zip does not import: {done.stderr.strip().splitlines()[-1]}")
    passed.touch()


def main() -> int:
    """Package one stage and say how large it became."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.package", description="Make the zip and the template of a stage."
    )
    parser.add_argument("--stage", required=True, choices=STAGES)
    parser.add_argument(
        "--out", type=Path, default=BUILD / "package", help="folder to write to (default .build/package)"
    )
    options = parser.parse_args()
    began = time.monotonic()
    note(f"Packaging stage {options.stage}")
    made = package(options.stage, options.out)
    size, unpacked = made.code.stat().st_size / 1e6, made.unpacked_bytes / 1e6
    note(
        f"{options.out}: deployment.zip {size:.1f} MB ({unpacked:.1f} MB unpacked), template.json with "
        f"{len(made.template['Resources'])} resources, in {time.monotonic() - began:.1f} s"
    )
    return 0


if __name__ == "__main__":
    run(main)
