"""Deploy a stage: package → check → upload → change set → confirmation → execution, watched to its end.

The emulator is deployed by the same code: `--endpoint-url` is the only difference.

    python -m infra.deploy --stage dev --region ap-southeast-1
"""

import argparse
from collections.abc import Callable
from pathlib import Path

import boto3
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError

from infra.dependencies import BUILD
from infra.failure import Failure, run
from infra.local.repairs import repair
from infra.package import STAGES, Package, package, target_of
from infra.progress import note
from infra.stack import Change, Stack
from infra.upload import ensure_bucket, upload

UNPROTECTED = ("local", "dev")
LOCAL_ONLY = {"Speed": "1", "RaiseOnPartialFailure": "0"}
MARGIN = 15


def parameters_of(stage: str, given: dict[str, str], declared: set[str]) -> dict[str, str]:
    """Return the template's parameters for a stage.

    Raises Failure for an unknown name, and for a value that only the local stage may have.
    """
    if strangers := given.keys() - declared:
        raise Failure(f"infra/template.yaml has no parameter {', '.join(sorted(strangers))}")
    for name, only in LOCAL_ONLY.items():
        if stage != "local" and given.get(name, only) != only:
            raise Failure(f"{name}={given[name]} is for the local stage: in stage {stage} it is {only}")
    parameters = {
        "Stage": stage,
        "DeletionProtection": str(stage not in UNPROTECTED).lower(),
        "Architecture": target_of(stage).architecture,
        **given,
    }
    if "GatherSeconds" in given and "PushesDelaySeconds" not in given:
        parameters["PushesDelaySeconds"] = str(int(given["GatherSeconds"]) + MARGIN)
    return parameters


def deploy(
    made: Package,
    session: boto3.Session,
    stack: Stack,
    bucket: str,
    given: dict[str, str],
    *,
    agreed: Callable[[list[Change]], bool],
    tell: Callable[[str], None],
    endpoint_url: str | None = None,
) -> dict[str, str]:
    """Bring a stack to what a package describes and return its outputs. `agreed` is shown the changes first."""
    declared = set(made.template["Parameters"])
    parameters = parameters_of(made.stage, given, declared)
    s3 = session.client("s3", endpoint_url=endpoint_url)
    url = upload(s3, bucket, made, endpoint_url or s3.meta.endpoint_url)
    change_set, changes = stack.plan(url, parameters, declared)
    if not changes:
        tell("nothing to change")
        return stack.outputs()
    if not agreed(changes):
        stack.cloudformation.delete_change_set(StackName=stack.name, ChangeSetName=change_set)
        raise Failure("not deployed: you did not agree to the changes")
    outputs = stack.apply(change_set, tell)
    if endpoint_url:
        repair(session, endpoint_url, outputs)
    return outputs


def table(changes: list[Change]) -> str:
    """Return changes as lines, those that replace a resource marked."""
    return "\n".join(
        f"  {change.action:<7} {change.logical_id:<44} {change.kind}{'   REPLACED' if change.replaced else ''}"
        for change in sorted(changes, key=lambda change: (change.action, change.kind, change.logical_id))
    )


def ask(changes: list[Change]) -> bool:
    """Show changes and ask for agreement."""
    note(table(changes))
    return input(f"Make these {len(changes)} changes? [y/N] ").strip().lower() in ("y", "yes")


def show(changes: list[Change]) -> bool:
    """Show changes; --yes has agreed to them."""
    note(table(changes))
    return True


def options() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m infra.deploy", description="Deploy a stage, after showing what will change."
    )
    parser.add_argument("--stage", required=True, choices=STAGES)
    parser.add_argument("--region", help="e.g. ap-southeast-1, cn-north-1; default: your AWS configuration's")
    parser.add_argument("--stack", help="name of the stack and prefix of its tables and queues (default chaoxi-STAGE)")
    parser.add_argument("--bucket", help="where code and template are uploaded (default chaoxi-ACCOUNT-REGION)")
    parser.add_argument("--create-bucket", action="store_true", help="create that bucket if there is none")
    parser.add_argument(
        "--parameter",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a parameter of infra/template.yaml, e.g. AlarmEmail=ops@example.com; may be repeated",
    )
    parser.add_argument("--endpoint-url", help="the emulator's address instead of AWS")
    parser.add_argument(
        "--out", type=Path, default=BUILD / "package", help="folder for the package (default .build/package)"
    )
    parser.add_argument("--yes", action="store_true", help="do not ask before making the changes")
    return parser.parse_args()


def pairs(given: list[str]) -> dict[str, str]:
    """Turn NAME=VALUE words into a dict."""
    if bad := [word for word in given if "=" not in word]:
        raise Failure(f"--parameter takes NAME=VALUE, not {bad[0]}")
    return dict(word.split("=", 1) for word in given)


def identified(session: boto3.Session, stage: str, endpoint_url: str | None) -> str:
    """Return the account of the credentials. Raises Failure when only one of stage and region is China's."""
    if stage == "local" and not endpoint_url:
        raise Failure("stage local is for the emulator: give its address by --endpoint-url")
    if (stage == "cn") != (session.region_name or "").startswith("cn-"):
        raise Failure(f"stage {stage} cannot go to region {session.region_name}: stage cn is for cn-* regions alone")
    account: str = session.client("sts", endpoint_url=endpoint_url).get_caller_identity()["Account"]
    return account


def main() -> int:
    """Deploy as the command line says."""
    chosen = options()
    given = pairs(chosen.parameter)
    try:
        session = boto3.Session(region_name=chosen.region)
        account = identified(session, chosen.stage, chosen.endpoint_url)
        made = package(chosen.stage, chosen.out)
        bucket = chosen.bucket or f"chaoxi-{account}-{session.region_name}"
        if chosen.create_bucket:
            ensure_bucket(session, bucket, chosen.endpoint_url)
        cloudformation = session.client("cloudformation", endpoint_url=chosen.endpoint_url)
        stack = Stack(
            cloudformation, chosen.stack or f"chaoxi-{chosen.stage}", pause=0.3 if chosen.endpoint_url else 3.0
        )
        outputs = deploy(
            made,
            session,
            stack,
            bucket,
            given,
            agreed=show if chosen.yes else ask,
            tell=lambda line: note(f"  {line}"),
            endpoint_url=chosen.endpoint_url,
        )
    except NoCredentialsError:
        raise Failure("no AWS credentials: set AWS_PROFILE, or log in with `aws sso login`") from None
    except NoRegionError:
        raise Failure("no region: give --region, e.g. ap-southeast-1") from None
    except (BotoCoreError, ClientError) as error:
        raise Failure(str(error)) from error
    note("\n".join(f"  {name:<20} {value}" for name, value in sorted(outputs.items())))
    return 0


if __name__ == "__main__":
    run(main)
