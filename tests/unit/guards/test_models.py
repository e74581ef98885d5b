"""The models and the template describe the same tables."""

from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest
from pynamodb.indexes import Index

import chalicelib.models
from chalicelib.config import settings
from chalicelib.models.row import Row
from tests.unit.guards.template import TABLE, Template

for found in iter_modules(chalicelib.models.__path__):
    import_module(f"chalicelib.models.{found.name}")

MODELS: dict[str, type[Row]] = {
    model.Meta.table_name.removeprefix(f"{settings().stack}-"): model
    for model in Row.__subclasses__()
}


def keys_of(model: Any) -> dict[str, str]:
    """Return {"HASH": name, "RANGE": name} of a model or of an index."""
    attributes = model.Meta.attributes.values() if isinstance(model, Index) else model.get_attributes().values()
    roles = {"HASH": "is_hash_key", "RANGE": "is_range_key"}
    return {role: each.attr_name for role, flag in roles.items() for each in attributes if getattr(each, flag)}


def keys_in(schema: list[dict[str, str]]) -> dict[str, str]:
    return {each["KeyType"]: each["AttributeName"] for each in schema}


@pytest.fixture(scope="module")
def tables(template: Template) -> dict[str, dict[str, Any]]:
    return {name.removesuffix("Table").lower(): body for name, body in template.of_type(TABLE).items()}


def test_every_table_has_a_model_and_every_model_a_table(tables: dict[str, Any]) -> None:
    assert set(tables) == set(MODELS)


@pytest.mark.parametrize("name", sorted(MODELS))
def test_the_template_names_the_table_as_the_model_does(tables: dict[str, Any], name: str) -> None:
    assert tables[name]["TableName"] == {"Fn::Sub": f"${{AWS::StackName}}-{name}"}


@pytest.mark.parametrize("name", sorted(MODELS))
def test_the_keys_are_the_same(tables: dict[str, Any], name: str) -> None:
    assert keys_in(tables[name]["KeySchema"]) == keys_of(MODELS[name])


@pytest.mark.parametrize("name", sorted(MODELS))
def test_the_indexes_are_the_same(tables: dict[str, Any], name: str) -> None:
    described = {
        index["IndexName"]: (keys_in(index["KeySchema"]), index["Projection"]["ProjectionType"])
        for index in tables[name].get("GlobalSecondaryIndexes", [])
    }
    indexes: list[Index[Any]] = list(MODELS[name]._indexes.values())
    modelled = {index.Meta.index_name: (keys_of(index), index.Meta.projection.projection_type) for index in indexes}
    assert described == modelled


@pytest.mark.parametrize("name", sorted(MODELS))
def test_the_template_declares_the_types_of_its_keys_and_no_other_attribute(tables: dict[str, Any], name: str) -> None:
    declared = {each["AttributeName"]: each["AttributeType"] for each in tables[name]["AttributeDefinitions"]}
    attributes = MODELS[name].get_attributes()
    keys = {*keys_of(MODELS[name]).values()}
    for index in MODELS[name]._indexes.values():
        keys |= set(keys_of(index).values())
    assert declared == {key: attributes[key].attr_type for key in keys}


@pytest.mark.parametrize("name", sorted(MODELS))
def test_what_expires_has_the_attribute_that_says_when(tables: dict[str, Any], name: str) -> None:
    expiry = tables[name].get("TimeToLiveSpecification", {}).get("AttributeName")
    attribute = MODELS[name].get_attributes().get("expires_at")
    is_number = attribute is not None and attribute.attr_type == "N"
    assert (expiry == "expires_at") == is_number


@pytest.mark.parametrize("name", sorted(MODELS))
def test_every_table_costs_nothing_when_idle_and_can_be_restored(tables: dict[str, Any], name: str) -> None:
    assert tables[name]["BillingMode"] == "PAY_PER_REQUEST"
    assert tables[name]["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert tables[name]["DeletionProtectionEnabled"] == {"Fn::If": ["Protected", True, False]}
