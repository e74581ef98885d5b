"""CloudFormation's intrinsic functions, as far as a template of ours uses them."""

import re
from collections.abc import Callable, Mapping
from typing import Any

NO_VALUE = object()
NAMED = re.compile(r"\$\{([^!}][^}]*)}")


class Resolver:
    """Turns a template's nodes into plain values.

    `values` are what `Ref` finds (parameters, pseudo parameters, resources), `attributes` what `Fn::GetAtt` finds,
    keyed `LogicalId.Attribute`; an attribute that nobody listed resolves to its own name. Raises KeyError for a
    reference to nothing and NotImplementedError for a function that is not imitated.
    """

    def __init__(self, conditions: Mapping[str, Any], values: Mapping[str, Any], attributes: Mapping[str, str]) -> None:
        self.conditions = conditions
        self.values = values
        self.attributes = attributes
        self.functions: dict[str, Callable[[Any], Any]] = {
            "Ref": self.ref,
            "Condition": self.holds,
            "Fn::GetAtt": self.attribute,
            "Fn::Sub": self.sub,
            "Fn::If": self.choose,
            "Fn::Equals": lambda pair: self.resolve(pair[0]) == self.resolve(pair[1]),
            "Fn::Not": lambda one: not self.resolve(one[0]),
            "Fn::And": lambda many: all(self.resolve(each) for each in many),
            "Fn::Or": lambda many: any(self.resolve(each) for each in many),
            "Fn::Join": lambda join: join[0].join(self.resolve(join[1])),
        }

    def resolve(self, node: Any) -> Any:
        """Return a node's value; what resolves to AWS::NoValue is left out of its list or mapping."""
        if isinstance(node, list):
            return [value for value in map(self.resolve, node) if value is not NO_VALUE]
        if not isinstance(node, dict):
            return node
        if function := self.function_of(node):
            return function(next(iter(node.values())))
        pairs = ((key, self.resolve(child)) for key, child in node.items())
        return {key: value for key, value in pairs if value is not NO_VALUE}

    def function_of(self, node: dict[str, Any]) -> Callable[[Any], Any] | None:
        """Return what an intrinsic does; None for a plain mapping."""
        if len(node) != 1:
            return None
        name = str(next(iter(node)))
        if name.startswith("Fn::") and name not in self.functions:
            raise NotImplementedError(f"{name} is not imitated")
        return self.functions.get(name)

    def holds(self, condition: str) -> bool:
        """Whether one of the template's conditions is true; a mapping that merely has such a key is left alone."""
        return bool(self.resolve(self.conditions[condition]))

    def choose(self, branches: list[Any]) -> Any:
        """Fn::If."""
        return self.resolve(branches[1] if self.holds(branches[0]) else branches[2])

    def ref(self, name: str) -> Any:
        """Ref."""
        return self.values[name]

    def attribute(self, path: list[str] | str) -> str:
        """Fn::GetAtt."""
        name = path if isinstance(path, str) else ".".join(path)
        return self.attributes.get(name, name)

    def sub(self, text: Any) -> str:
        """Fn::Sub, with or without values of its own."""
        template, own = (text[0], self.resolve(text[1])) if isinstance(text, list) else (text, {})
        return NAMED.sub(lambda match: str(self.named(match[1], own)), template)

    def named(self, name: str, own: Mapping[str, Any]) -> Any:
        """Return what `${name}` stands for."""
        if name in own:
            return own[name]
        return self.attribute(name) if "." in name else self.ref(name)
