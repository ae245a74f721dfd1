"""CORS as an HTTP API applies its CorsConfiguration."""

from dataclasses import dataclass
from typing import Any, Self

from starlette.requests import Request
from starlette.responses import Response

from local.template import Template

_PREFIX = "access-control-"


@dataclass(frozen=True)
class Cors:
    """An API's CorsConfiguration; empty when it has none, and then CORS is the function's."""

    configuration: dict[str, Any]

    @classmethod
    def of(cls, template: Template) -> Self:
        for api in template.resources("AWS::Serverless::HttpApi").values():
            return cls(api.get("CorsConfiguration", {}))
        return cls({})

    def preflight(self, request: Request) -> Response | None:
        """The gateway's own answer to a preflight; None when the request is none."""
        asked = request.headers.get("access-control-request-method")
        if not self.configuration or request.method != "OPTIONS" or not asked:
            return None
        return Response(status_code=204)

    def decorate(self, response: Response, request: Request) -> None:
        """Replace whatever CORS headers a function set by the configured ones."""
        if not self.configuration:
            return
        for name in [name for name in response.headers if name.startswith(_PREFIX)]:
            del response.headers[name]
        origin = request.headers.get("origin", "")
        allowed = self._list("AllowOrigins")
        if not origin or not (origin in allowed or "*" in allowed):
            return
        response.headers[f"{_PREFIX}allow-origin"] = "*" if "*" in allowed else origin
        if self.configuration.get("AllowCredentials"):
            response.headers[f"{_PREFIX}allow-credentials"] = "true"
        if exposed := self._list("ExposeHeaders"):
            response.headers[f"{_PREFIX}expose-headers"] = ",".join(exposed)
        if request.method == "OPTIONS":
            response.headers[f"{_PREFIX}allow-methods"] = ",".join(self._list("AllowMethods"))
            response.headers[f"{_PREFIX}allow-headers"] = ",".join(self._list("AllowHeaders"))
            response.headers[f"{_PREFIX}max-age"] = str(self.configuration.get("MaxAge", 0))

    def _list(self, name: str) -> list[str]:
        return [str(value) for value in self.configuration.get(name, [])]
