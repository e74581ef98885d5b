"""Prove that the template will be understood: package it, translate it as CloudFormation would, lint it per region.

The SAM form hides what a region lacks, so what is linted is the translated form.

    python -m infra.check_template
"""

import hashlib
import json
import subprocess
import sys
from typing import Any

import boto3
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

from infra.dependencies import BUILD, ROOT
from infra.deploy import parameters_of
from infra.failure import Failure, run
from infra.package import package
from infra.progress import note, step
from infra.upload import with_code

REGIONS = {"prod": "ap-southeast-1", "cn": "cn-north-1"}
# A finding that is listed here is not a fault, for the reason given.
ALLOWED: dict[str, str] = {}


def translated(template: dict[str, Any], stage: str, region: str) -> dict[str, Any]:
    """Return the CloudFormation template that a SAM template stands for in a region."""
    declared = template["Parameters"]
    values = {name: str(each.get("Default", "")) for name, each in declared.items()}
    given = parameters_of(stage, {}, set(declared))
    translator = Translator({}, Parser(), [], boto3.Session(region_name=region))
    copy = json.loads(json.dumps(with_code(template, "s3://checked/code.zip")))
    result: dict[str, Any] = translator.translate(copy, {**values, **given}, None)
    translator.metrics.publish()  # to nobody; unpublished, they end the program with a complaint
    return result


def findings(template: dict[str, Any], region: str) -> list[str]:
    """Return what cfn-lint finds in a translated template, remembered for a template that it found nothing in."""
    text = json.dumps(template, sort_keys=True, indent=1)
    pins = (ROOT / "requirements-dev.txt").read_text()
    passed = BUILD / f"linted-{hashlib.sha256(f'{text}{region}{pins}{ALLOWED}'.encode()).hexdigest()[:16]}"
    if passed.exists():
        return []
    path = BUILD / f"translated-{region}.json"
    path.write_text(text)
    lint = "from cfnlint.runner import main; main()"
    command = [sys.executable, "-c", lint, "--regions", region, "--format", "json", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode and not done.stdout.strip():
        raise Failure(f"cfn-lint did not run: {done.stderr.strip().splitlines()[-1]}")
    found = [sentence(each) for each in json.loads(done.stdout or "[]") if each["Rule"]["Id"] not in ALLOWED]
    if not found:
        passed.touch()
    return found


def sentence(finding: dict[str, Any]) -> str:
    """Return one finding as a line."""
    place = "/".join(map(str, finding["Location"].get("Path") or []))
    return f"{finding['Rule']['Id']} {place}: {finding['Message']}"


def main() -> int:
    """Check every region and say what was found."""
    total = 0
    for stage, region in REGIONS.items():
        note(f"Stage {stage} for {region}")
        made = package(stage, BUILD / f"check-{stage}")
        with step("translating and linting"):
            found = findings(translated(made.template, stage, region), region)
        for line in found:
            note(f"    {line}")
        total += len(found)
    note(f"{total} findings")
    return 1 if total else 0


if __name__ == "__main__":
    run(main)
