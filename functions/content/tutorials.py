"""Tutorials, as everyone reads them."""

from typing import Annotated, Any, Literal

from fastapi import Depends, Header, Query, Response

from nexus.schema import Id
from nexus.tutorials import service
from nexus.tutorials.schemas import Tutorial, TutorialLevel
from nexus.web.app import answers, router
from nexus.web.identity import Anyone
from nexus.web.paging import CurrentPage
from nexus.web.preconditions import FirstLook, tag
from nexus.web.routes import public

tutorials = router("/api/tutorials", "content")

Form = Annotated[
    Literal["json", "html"] | None,
    Query(alias="format", description="Goes before the Accept header."),
]
HTML: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/html": {"schema": {"type": "string"}}}}
}
PAGE_POLICY = "default-src 'none'; img-src https:; frame-ancestors 'none'; sandbox"


@tutorials.get("", response_model=list[Tutorial], dependencies=[Anyone, Depends(public)])
async def list_tutorials(
    page: CurrentPage, category: TutorialLevel | None = None
) -> list[Tutorial]:
    """The published ones, newest first. A page of long texts ends early; `Link` leads on."""
    return page.read(lambda start, limit: service.published(start, limit, page.skip, category))


@tutorials.get(
    "/{tutorial_id}",
    response_model=Tutorial,
    responses=answers(404) | HTML,
    dependencies=[Anyone, Depends(public)],
)
async def read_tutorial(
    tutorial_id: Id,
    first_look: FirstLook,
    response: Response,
    form: Form = None,
    accept: Annotated[str, Header(include_in_schema=False)] = "",
) -> Tutorial | Response:
    """A published tutorial, as JSON with its Markdown, or rendered as safe HTML."""
    answer: Tutorial | Response
    if form == "html" or (form is None and _wants_html(accept)):
        html, version = service.read_html(tutorial_id, first_look=first_look)
        answer = response = Response(html, media_type="text/html")
        response.headers["Content-Security-Policy"] = PAGE_POLICY
    else:
        answer, version = service.read(tutorial_id, first_look=first_look)
    tag(response, version)
    response.headers["Vary"] = "Accept"
    return answer


def _wants_html(accept: str) -> bool:
    """Browsers name text/html and no JSON; programs name JSON or take anything."""
    return "text/html" in accept and "json" not in accept
