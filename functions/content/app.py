"""What everyone may read: the greeting, the storefront's content, and the API's document with a
page to read it.
"""

from functools import cache
from importlib.resources import files
from pathlib import Path

from fastapi import Response

from content.categories import categories
from content.storefront import storefront
from content.testimonials import testimonials
from content.tutorials import tutorials
from nexus.errors import NotFound
from nexus.schema import Message
from nexus.web.app import api, lambda_handler, router
from nexus.web.identity import Anyone

front = router("", "front")

SWAGGER = files("fastapi_offline") / "static"
STATIC = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "favicon.png": "image/png",
}
PAGE = {"page.html": "text/html", "start.js": "text/javascript"}
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'"
)


@front.get("/", response_model=Message, dependencies=[Anyone])
async def greet() -> Message:
    return Message(message="Nexus Models API")


@front.get("/openapi.json", dependencies=[Anyone], include_in_schema=False)
async def openapi() -> Response:
    """The document of all groups, as committed."""
    return Response(_own("openapi.json"), media_type="application/json")


@front.get("/docs", dependencies=[Anyone], include_in_schema=False)
async def docs() -> Response:
    """Swagger UI, from files of ours: it works without internet."""
    headers = {"Content-Security-Policy": PAGE_POLICY}
    return Response(_own("page.html"), media_type="text/html", headers=headers)


@front.get("/docs/{name}", dependencies=[Anyone], include_in_schema=False)
async def docs_file(name: str) -> Response:
    if name in PAGE:
        return Response(_own(name), media_type=PAGE[name])
    if name not in STATIC:
        raise NotFound("Not Found")
    headers = {"Cache-Control": "public, max-age=86400"}
    content = (SWAGGER / name).read_bytes()
    return Response(content, media_type=STATIC[name], headers=headers)


@cache
def _own(name: str) -> bytes:
    return Path(__file__).with_name(name).read_bytes()


app = api(front, categories, testimonials, tutorials, storefront)
handler = lambda_handler(app)
