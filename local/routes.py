"""Which function a request goes to: the routes of the template, chosen as an HTTP API does."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from local.template import Template


class Match(NamedTuple):
    function: str
    route: str
    parameters: dict[str, str]


@dataclass(frozen=True)
class Route:
    """A declared route, such as `ANY /api/models/{proxy+}`, and the function behind it."""

    method: str
    path: str
    function: str
    pattern: re.Pattern[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        pieces = map(_piece, re.split(r"(\{[^}]+\})", self.path))
        object.__setattr__(self, "pattern", re.compile("".join(pieces)))

    @property
    def key(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def rank(self) -> tuple[bool, int, bool]:
        """Least first: full matches before greedy ones, then the longest, a method before ANY."""
        return ("+}" in self.path, -self.path.count("/"), self.method == "ANY")


class Routes:
    def __init__(self, routes: Iterable[Route]) -> None:
        self._routes = sorted(routes, key=lambda route: route.rank)

    @classmethod
    def of(cls, template: Template) -> "Routes":
        return cls(_declared(template))

    def match(self, method: str, path: str) -> Match | None:
        """The route for a decoded path, with the values of its variables."""
        for route in self._routes:
            if route.method in (method, "ANY") and (found := route.pattern.fullmatch(path)):
                return Match(route.function, route.key, found.groupdict())
        return None


def _declared(template: Template) -> Iterator[Route]:
    for function, properties in template.resources("AWS::Serverless::Function").items():
        for event in properties.get("Events", {}).values():
            if event["Type"] == "HttpApi":
                declared = event["Properties"]
                yield Route(declared["Method"].upper(), declared["Path"], function)


def _piece(text: str) -> str:
    if not text.startswith("{"):
        return re.escape(text)
    name = text.strip("{}").removesuffix("+")
    # A greedy variable takes the empty rest too, so that a collection answers with its slash.
    return f"(?P<{name}>.*)" if text.endswith("+}") else f"(?P<{name}>[^/]+)"
