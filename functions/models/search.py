"""Finding models: lists, facets, suggestions, and what is alike. All of it from the index."""

from typing import Annotated, Any
from urllib.parse import quote

from fastapi import Depends, Query, Response

from nexus.catalogue.schemas import Model3D
from nexus.schema import Id
from nexus.search import lists
from nexus.search.schemas import LONGEST_SEARCH, Facets, Suggestion, Wanted
from nexus.web.app import answers, router
from nexus.web.identity import Anyone, Visitor
from nexus.web.paging import CurrentPage
from nexus.web.routes import public

search = router("/api/models", "models")


async def wanted(query: Annotated[Wanted, Query()]) -> Wanted:
    """The parameters of a list; those that are not known mean nothing."""
    return query


WantedModels = Annotated[Wanted, Depends(wanted)]
HEADERS = {
    "X-Total-Count": {"description": "How many there are in all", "schema": {"type": "integer"}},
    "X-Did-You-Mean": {
        "description": "Another search, percent-encoded, where nothing has the words as typed",
        "schema": {"type": "string"},
    },
}
FOUND: dict[int | str, dict[str, Any]] = {200: {"headers": HEADERS}}


@search.get("", response_model=list[Model3D], responses=FOUND, dependencies=[Depends(public)])
async def list_models(wanted: WantedModels, viewer: Visitor, page: CurrentPage) -> Response:
    """What is on sale: the best matches of a search first, else the newest."""
    found = page.read_from(
        lambda start, skip, limit: lists.models(wanted, viewer, start, skip, limit)
    )
    if found.total is not None:
        page.response.headers["X-Total-Count"] = str(found.total)
    if found.did_you_mean:
        page.response.headers["X-Did-You-Mean"] = quote(found.did_you_mean)
    return _json(found.cards, page.response)


@search.get("/facets", response_model=Facets, dependencies=[Depends(public)])
async def model_facets(wanted: WantedModels, viewer: Visitor) -> Facets:
    """How many models there are of each kind, each kind counted without its own filter."""
    return lists.facets(wanted, viewer)


@search.get("/suggest", response_model=list[Suggestion], dependencies=[Anyone, Depends(public)])
async def suggest_searches(
    q: Annotated[str, Query(max_length=LONGEST_SEARCH)] = "",
    limit: Annotated[int, Query(ge=1, le=20)] = 8,
) -> list[Suggestion]:
    """What the words typed so far may become."""
    return lists.suggest(q, limit)


@search.get(
    "/{model_id}/related",
    response_model=list[Model3D],
    dependencies=[Anyone, Depends(public)],
    responses=answers(404),
)
async def related_models(
    model_id: Id, response: Response, limit: Annotated[int, Query(ge=1, le=20)] = 8
) -> Response:
    """What is of a model's category and shares tags or the creator with it, most alike first."""
    return _json(lists.related(model_id, limit), response)


def _json(content: bytes, told: Response) -> Response:
    """Cards come out of the index as the JSON they are answered with."""
    return Response(content, headers=dict(told.headers), media_type="application/json")
