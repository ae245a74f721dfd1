"""Likes and reviews: one of each per user and model."""

from datetime import datetime, timedelta

from nexus.accounts.schemas import Creator
from nexus.catalogue import service as catalogue
from nexus.errors import Conflict, Forbidden
from nexus.opinions.schemas import NewReview, Review
from nexus.table import keys
from nexus.table.counters import counters
from nexus.table.items import Start
from nexus.table.opinions import (
    AlreadyReviewed,
    LikeItem,
    NotOwned,
    ReviewItem,
    find_like,
    record_like,
    record_review,
    reviews_by,
    reviews_on,
    take_like_back,
)
from nexus.table.users import UserItem, find_users

SETTLED = timedelta(seconds=10)
"""By then the projector has counted a like, as a rule."""


def like(model_id: int, *, user: UserItem, now: datetime) -> int:
    """Like a model that is on sale, and tell how many do. Raises `NotFound`.

    The sum follows the facts within a second or so; one's own like is in the answer at once,
    and stays there when it is given again.
    """
    known = _likes(model_id, user)
    if record_like(LikeItem.of(model_id, user.id, now, known + 1)):
        return known + 1
    earlier = find_like(model_id, user.id)
    return known + 1 if earlier and _is_uncounted(earlier, known, now) else max(known, 1)


def unlike(model_id: int, *, user: UserItem, now: datetime) -> int:
    """Take a like back, and tell how many like the model. Raises `NotFound`."""
    known = _likes(model_id, user)
    like = find_like(model_id, user.id)
    if like is None or not take_like_back(model_id, user.id):
        return known
    return known if _is_uncounted(like, known, now) else max(known - 1, 0)


def _is_uncounted(like: LikeItem, known: int, now: datetime) -> bool:
    """Whether a sum that was read lacks a like: it has not grown since that was given, just now."""
    return now - like.created_at < SETTLED and known < (like.likes or 0)


def _likes(model_id: int, user: UserItem) -> int:
    catalogue.get_visible(model_id, user)
    return counters(keys.model_counters(model_id)).likes


def review(
    model_id: int, wanted: NewReview, *, user: UserItem, review_id: int, now: datetime
) -> Review:
    """Say what one thinks of a model that one bought, once.

    Raises `NotFound`, also for what the caller may not know exists, `Forbidden` for whoever did
    not buy it and `Conflict` the second time.
    """
    item = ReviewItem.of(
        review_id,
        model_id,
        user.id,
        now,
        rating=wanted.rating,
        title=wanted.title,
        text=wanted.text,
    )
    try:
        record_review(item)
    except NotOwned:
        catalogue.get_visible(model_id, user)
        raise Forbidden("Only buyers of a model can review it") from None
    except AlreadyReviewed:
        raise Conflict("You have reviewed this model already") from None
    return Review.of(item, Creator.of(user))


def reviews(
    model_id: int, viewer: UserItem | None, start: Start, limit: int
) -> tuple[list[Review], Start]:
    """A page of what buyers say of a model, newest first. Raises `NotFound`."""
    catalogue.get_visible(model_id, viewer)
    items, following = reviews_on(model_id, start, limit)
    users = find_users({item.user_id for item in items})
    return [Review.of(item, Creator.of(users[item.user_id])) for item in items], following


def written_by(user: UserItem, start: Start, limit: int) -> tuple[list[Review], Start]:
    """A page of what someone said of models, newest first."""
    items, following = reviews_by(user.id, start, limit)
    return [Review.of(item, Creator.of(user)) for item in items], following
