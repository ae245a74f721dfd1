"""Write the API's OpenAPI document: `python -m local.openapi`, which is `make openapi`.

Routes say how their services refuse (`nexus.web.app.answers`). What their doors, bodies and
preconditions bring along is added here, so that it is said once.
"""

import json
import os
from collections.abc import Callable, Iterator
from http import HTTPStatus
from pathlib import Path
from typing import Any

DOCUMENT = Path(__file__).parent.parent / "functions" / "content" / "openapi.json"
DESCRIPTION = """A marketplace for 3D models.

Every path answers with and without a slash at its end. Errors are problem documents (RFC 9457),
whose `detail` can be shown to people. Only API Gateway itself, when it throttles or gives up on
a function, answers `{"message": "…"}` with 429, 500 or 503.
"""

type Json = dict[str, Any]

REFUSALS = {
    400: "Not signed as it must be",
    401: "No access token, or one that is no good",
    403: "Not for this user",
    404: "There is none, or none that the caller may know of",
    409: "The state of things does not allow it",
    412: "It was changed since that ETag",
    413: "The body is too large",
    422: "The input has not the form it must have; `errors` says what and where",
    428: "The If-Match header is missing",
    429: "Too often",
    500: "A fault of ours, which an alarm has told us of",
    503: "Another service that this needs cannot be reached",
}
MOST_ON_A_PAGE = 100


def _header(description: str, kind: str = "string", *, always: bool = True) -> Json:
    return {"description": description, "required": always, "schema": {"type": kind}}


HEADERS = {
    "X-Request-Id": _header("Names the request in our logs"),
    "ETag": _header("The version of what is answered, for If-Match and If-None-Match"),
    "Link": _header(
        "Leads to the pages after and before (RFC 8288), where there are", always=False
    ),
    "Idempotency-Replayed": _header("“true” where this answer was given before", always=False),
    "WWW-Authenticate": _header("Bearer"),
    "Retry-After": _header("Seconds to wait", "integer"),
}
HEADERS_OF = {
    401: ("WWW-Authenticate",),
    429: ("Retry-After",),
    503: ("Retry-After",),
    304: ("ETag",),
}


def document() -> Json:
    """The document of all HTTP groups as one, in the order in which a reader meets them."""
    os.environ.setdefault("STAGE", "local")
    from fastapi.openapi.utils import get_openapi
    from fastapi.routing import iter_route_contexts

    from accounts.app import app as accounts
    from admin.app import app as admin
    from bounties.app import app as bounties
    from content.app import app as content
    from models.app import app as models
    from nexus.web.app import VERSION
    from webhooks.app import app as webhooks

    groups = (content, accounts, models, bounties, admin, webhooks)
    built = get_openapi(
        title="Nexus Models API",
        version=VERSION,
        description=DESCRIPTION,
        routes=[route for group in groups for route in group.routes],
    )
    for group in groups:
        for route in iter_route_contexts(group.routes):
            for method in route.methods or ():
                if operation := built["paths"].get(route.path, {}).get(method.lower()):
                    _complete(operation, set(_dependencies(route.dependant)))
    _share(built["components"])
    return built


def _dependencies(dependant: Any) -> Iterator[Callable[..., Any]]:
    for each in dependant.dependencies:
        yield each.call
        yield from _dependencies(each)


def _complete(operation: Json, asked: set[Callable[..., Any]]) -> None:
    """Say what follows from what an operation asks for."""
    from nexus.web import identity
    from nexus.web.idempotency import claim_for_user
    from nexus.web.paging import long_page, page
    from nexus.web.routes import public

    declared = operation["responses"]
    code = next(code for code in declared if code.startswith("2") and code != "2XX")
    success = declared[code]
    headers = ["X-Request-Id", *success.get("headers", ()), *_taken(declared, "2XX")]
    if public in asked:
        headers.append("ETag")
    if claim_for_user in asked:
        headers.append("Idempotency-Replayed")
    if asked & {page, long_page}:
        headers.append("Link")
    if page in asked:
        success["content"]["application/json"]["schema"]["maxItems"] = MOST_ON_A_PAGE
    success["headers"] = _headers(headers) | success.get("headers", {})
    if identity.visitor in asked and identity.current_user not in asked:
        operation["security"] = [{}, *operation["security"]]
    statuses = _refusals(operation, asked) | {int(each) for each in declared if each != code}
    if not operation.keys() & {"parameters", "requestBody"}:
        statuses.discard(422)
    references = {str(status): _reference("responses", status) for status in sorted(statuses)}
    operation["responses"] = {code: success} | references


def _taken(responses: Json, code: str) -> list[str]:
    return list(responses.pop(code, {}).get("headers", ()))


def _refusals(operation: Json, asked: set[Callable[..., Any]]) -> set[int]:
    from nexus.web import identity
    from nexus.web.idempotency import claim_for_user
    from nexus.web.preconditions import optional_version, required_version
    from nexus.web.routes import public

    brought: dict[Callable[..., Any], int] = {
        identity.visitor: 401,
        identity.current_admin: 403,
        claim_for_user: 409,
        optional_version: 412,
        required_version: 428,
        public: 304,
    }
    body = {413} if "requestBody" in operation else set()
    return {500, *body, *(status for call, status in brought.items() if call in asked)}


def _headers(names: list[str]) -> Json:
    return {name: _reference("headers", name) for name in names if name in HEADERS}


def _name(status: int) -> str:
    return HTTPStatus(status).phrase.replace(" ", "")


def _reference(kind: str, what: int | str) -> Json:
    name = what if isinstance(what, str) else _name(what)
    return {"$ref": f"#/components/{kind}/{name}"}


def _share(components: Json) -> None:
    """What operations refer to."""
    from nexus.web.problems import MEDIA_TYPE, ProblemDocument

    problem = ProblemDocument.model_json_schema(
        ref_template="#/components/schemas/{model}", mode="serialization"
    )
    fields = problem["properties"]
    fields["errors"] = fields["errors"]["anyOf"][0]  # left out where there is none, never null
    problem["required"] = [name for name in fields if name != "errors"]
    components["schemas"] |= problem.pop("$defs") | {"ProblemDocument": problem}
    reference = _reference("schemas", "ProblemDocument")
    with_errors = {"allOf": [reference, {"type": "object", "required": ["errors"]}]}
    components["responses"] = {
        _name(status): {
            "description": description,
            "headers": _headers(["X-Request-Id", *HEADERS_OF.get(status, ())]),
            "content": {MEDIA_TYPE: {"schema": with_errors if status == 422 else reference}},
        }
        for status, description in REFUSALS.items()
    }
    components["responses"][_name(304)] = {
        "description": "The caller has this very answer already (If-None-Match)",
        "headers": _headers(["X-Request-Id", *HEADERS_OF[304]]),
    }
    components["headers"] = HEADERS


def text() -> str:
    return json.dumps(document(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    DOCUMENT.write_text(text(), encoding="utf-8")
