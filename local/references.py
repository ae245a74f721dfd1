"""CloudFormation's intrinsic functions, resolved to the values that hold on this machine."""

import re
from collections.abc import Callable, Mapping
from typing import Any

type Lookup = Callable[[str], Any]

NO_VALUE = object()
"""What `!Ref AWS::NoValue` resolves to: the property is then left out."""

_PLACEHOLDER = re.compile(r"\$\{([^!][^}]*)\}")


class Resolver:
    """Resolves references; `ref` and `attribute` tell what a name stands for."""

    def __init__(
        self,
        ref: Lookup,
        attribute: Callable[[str, str], Any],
        conditions: Mapping[str, Any],
        mappings: Mapping[str, Any],
    ) -> None:
        self._ref = ref
        self._attribute = attribute
        self._conditions = conditions
        self._mappings = mappings
        self._functions: dict[str, Callable[[Any], Any]] = {
            "Ref": ref,
            "Condition": self.holds,
            "Fn::And": lambda terms: all(map(self.resolve, terms)),
            "Fn::Equals": lambda pair: self.resolve(pair[0]) == self.resolve(pair[1]),
            "Fn::FindInMap": self._find_in_map,
            "Fn::GetAtt": self._get_att,
            "Fn::If": self._if,
            "Fn::Join": lambda join: self.resolve(join[0]).join(map(str, self.resolve(join[1]))),
            "Fn::Not": lambda terms: not self.resolve(terms[0]),
            "Fn::Or": lambda terms: any(map(self.resolve, terms)),
            "Fn::Select": lambda select: self.resolve(select[1])[int(self.resolve(select[0]))],
            "Fn::Split": lambda split: self.resolve(split[1]).split(split[0]),
            "Fn::Sub": self._sub,
        }

    def resolve(self, value: Any) -> Any:
        """The value with every function in it replaced; raises KeyError for an unknown name."""
        if isinstance(value, list):
            return [item for item in map(self.resolve, value) if item is not NO_VALUE]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            (name, argument) = next(iter(value.items()))
            if name in self._functions and not (name == "Condition" and isinstance(argument, dict)):
                return self._functions[name](argument)
        resolved = {key: self.resolve(item) for key, item in value.items()}
        return {key: item for key, item in resolved.items() if item is not NO_VALUE}

    def holds(self, condition: str) -> bool:
        return bool(self.resolve(self._conditions[condition]))

    def _if(self, argument: list[Any]) -> Any:
        condition, when_true, when_false = argument
        return self.resolve(when_true if self.holds(condition) else when_false)

    def _find_in_map(self, argument: list[Any]) -> Any:
        mapping, first, second = map(self.resolve, argument)
        return self._mappings[mapping][first][second]

    def _get_att(self, argument: str | list[str]) -> Any:
        name, attribute = argument.split(".", 1) if isinstance(argument, str) else argument
        return self._attribute(name, attribute)

    def _sub(self, argument: str | list[Any]) -> str:
        text, variables = (argument, {}) if isinstance(argument, str) else argument
        values = self.resolve(variables)

        def replace(match: re.Match[str]) -> str:
            name = match[1].strip()
            if name in values:
                return str(values[name])
            return str(self._get_att(name) if "." in name else self._ref(name))

        return _PLACEHOLDER.sub(replace, text).replace("${!", "${")
