"""SSM's parameter store, as small as it is used: moto's would load the whole of EC2 first."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.harness.limits import NotImitatedError
from tests.harness.remote import AwsError, Json
from tests.harness.stack import ACCOUNT, REGION

Params = Mapping[str, Any]


class Parameters:
    """Parameters by name. Its verbs take and give what botocore's client takes and gives."""

    def __init__(self) -> None:
        self.stored: dict[str, Json] = {}

    def answer(self, operation: str, params: Params) -> Json:
        """Do an operation. Raises NotImitatedError for one that is not imitated, AwsError for one that SSM refuses."""
        verbs: dict[str, Callable[[Params], Json]] = {
            "PutParameter": self.put,
            "GetParameter": self.get,
            "DeleteParameter": self.delete,
        }
        if operation not in verbs:
            raise NotImitatedError(f"ssm {operation} is not imitated")
        return verbs[operation](params)

    def put(self, params: Params) -> Json:
        """PutParameter."""
        name = params["Name"]
        if name in self.stored and not params.get("Overwrite"):
            raise AwsError("ParameterAlreadyExists", "The parameter already exists.")
        version = self.stored.get(name, {}).get("Version", 0) + 1
        arn = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter{name}"
        kept = {"Name": name, "Value": params["Value"], "Type": params.get("Type", "String")}
        self.stored[name] = {**kept, "Version": version, "ARN": arn, "DataType": "text"}
        return {"Version": version, "Tier": "Standard"}

    def get(self, params: Params) -> Json:
        """GetParameter; a SecureString stays sealed unless decryption is asked for."""
        if params["Name"] not in self.stored:
            raise AwsError("ParameterNotFound", f"Parameter {params['Name']} not found.")
        found = self.stored[params["Name"]]
        is_sealed = found["Type"] == "SecureString" and not params.get("WithDecryption")
        return {"Parameter": {**found, "Value": "sealed"} if is_sealed else dict(found)}

    def delete(self, params: Params) -> Json:
        """DeleteParameter."""
        self.get(params)
        del self.stored[params["Name"]]
        return {}
