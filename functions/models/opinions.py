"""Likes and reviews."""

from nexus.opinions import service
from nexus.opinions.schemas import Likes, NewReview, Review
from nexus.schema import Id
from nexus.web.app import answers, router
from nexus.web.idempotency import NewId
from nexus.web.identity import CurrentUser, Now, Visitor
from nexus.web.paging import CurrentPage

opinions = router("/api/models/{model_id}", "opinions")


@opinions.post("/like", response_model=Likes, responses=answers(404))
async def like_model(model_id: Id, user: CurrentUser, now: Now) -> Likes:
    """Like a model; a second time changes nothing."""
    return Likes(likes=service.like(model_id, user=user, now=now))


@opinions.delete("/like", response_model=Likes, responses=answers(404))
async def unlike_model(model_id: Id, user: CurrentUser, now: Now) -> Likes:
    return Likes(likes=service.unlike(model_id, user=user, now=now))


@opinions.get("/reviews", response_model=list[Review], responses=answers(404))
async def model_reviews(model_id: Id, viewer: Visitor, page: CurrentPage) -> list[Review]:
    """What buyers say, newest first."""
    return page.read(lambda start, limit: service.reviews(model_id, viewer, start, limit))


@opinions.post("/reviews", status_code=201, response_model=Review, responses=answers(403, 404, 409))
async def review_model(
    model_id: Id, wanted: NewReview, user: CurrentUser, review_id: NewId, now: Now
) -> Review:
    """Review a model that one bought; 409 the second time."""
    return service.review(model_id, wanted, user=user, review_id=review_id, now=now)
