"""Put what was packaged where CloudFormation finds it."""

import hashlib
import json
from typing import TYPE_CHECKING, Any

import boto3

from infra.failure import Failure
from infra.package import Package

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def upload(s3: "S3Client", bucket: str, made: Package, endpoint: str) -> str:
    """Put the code and the template, named by their content, into a bucket; return the template's URL."""
    code = made.code.read_bytes()
    code_key = f"chaoxi/{hashlib.sha256(code).hexdigest()[:32]}.zip"
    template = json.dumps(with_code(made.template, f"s3://{bucket}/{code_key}")).encode()
    template_key = f"chaoxi/{hashlib.sha256(template).hexdigest()[:32]}.json"
    try:
        s3.put_object(Bucket=bucket, Key=code_key, Body=code)
        s3.put_object(Bucket=bucket, Key=template_key, Body=template)
    except s3.exceptions.NoSuchBucket:
        raise Failure(f"bucket {bucket} does not exist: name another by --bucket, or add --create-bucket") from None
    return f"{endpoint}/{bucket}/{template_key}"


def with_code(template: dict[str, Any], uri: str) -> dict[str, Any]:
    """Return a template whose functions take their code from a place in S3."""
    functions = {
        name: {**resource, "Properties": {**resource["Properties"], "CodeUri": uri}}
        for name, resource in template["Resources"].items()
        if resource["Type"] == "AWS::Serverless::Function"
    }
    return {**template, "Resources": {**template["Resources"], **functions}}


def ensure_bucket(session: boto3.Session, bucket: str, endpoint_url: str | None) -> None:
    """Create the bucket, closed to the public, unless it is there."""
    s3 = session.client("s3", endpoint_url=endpoint_url)
    region: Any = session.region_name
    try:
        if region == "us-east-1":  # the one region that must not be named
            s3.create_bucket(Bucket=bucket)
        else:
            s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": region})
    except s3.exceptions.BucketAlreadyOwnedByYou:
        return
    s3.put_public_access_block(
        Bucket=bucket,
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True,
            "IgnorePublicAcls": True,
            "BlockPublicPolicy": True,
            "RestrictPublicBuckets": True,
        },
    )
