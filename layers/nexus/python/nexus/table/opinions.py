"""What users think of models: likes and reviews."""

from datetime import datetime

from pynamodb.attributes import UnicodeAttribute, UTCDateTimeAttribute

from nexus.table import keys
from nexus.table.items import (
    Check,
    ConditionFailed,
    Delete,
    IntegerAttribute,
    Item,
    Start,
    commit,
    create,
    find,
    put,
)
from nexus.table.pages import Keep, kept_page, page
from nexus.table.purchases import OwnedItem


class LikeItem(Item, discriminator="Like"):
    """`likes` is the sum that its user was told, their own like counted."""

    model_id = IntegerAttribute()
    user_id = IntegerAttribute()
    likes = IntegerAttribute(null=True)
    created_at = UTCDateTimeAttribute()

    @classmethod
    def of(cls, model_id: int, user_id: int, now: datetime, likes: int = 1) -> "LikeItem":
        pk, sk = keys.like(model_id, user_id)
        return cls(
            pk=pk,
            sk=sk,
            gsi1_pk=keys.likes_of(user_id),
            gsi1_sk=keys.timestamp(now),
            model_id=model_id,
            user_id=user_id,
            likes=likes,
            created_at=now,
        )


class ReviewItem(Item, discriminator="Review"):
    """What a buyer says of a model: `rating` 1 to 5."""

    id = IntegerAttribute()
    model_id = IntegerAttribute()
    user_id = IntegerAttribute()
    rating = IntegerAttribute()
    title = UnicodeAttribute(null=True)
    text = UnicodeAttribute(null=True)
    created_at = UTCDateTimeAttribute()

    @classmethod
    def of(
        cls,
        review_id: int,
        model_id: int,
        user_id: int,
        now: datetime,
        *,
        rating: int,
        title: str | None,
        text: str | None,
    ) -> "ReviewItem":
        pk, sk = keys.review(model_id, user_id)
        return cls(
            pk=pk,
            sk=sk,
            gsi1_pk=keys.reviews_on(model_id),
            gsi1_sk=keys.timestamp(now),
            gsi2_pk=keys.reviews_by(user_id),
            gsi2_sk=keys.timestamp(now),
            id=review_id,
            model_id=model_id,
            user_id=user_id,
            rating=rating,
            title=title,
            text=text,
            created_at=now,
        )


class NotOwned(Exception):
    """Only who bought a model may review it."""


class AlreadyReviewed(Exception):
    pass


def find_like(model_id: int, user_id: int) -> LikeItem | None:
    return find(LikeItem, keys.like(model_id, user_id))


def record_like(like: LikeItem) -> bool:
    """Write a like; False when this user likes the model already."""
    try:
        put(create(like))
    except ConditionFailed:
        return False
    return True


def take_like_back(model_id: int, user_id: int) -> bool:
    """False when there was none."""
    like = LikeItem(*keys.like(model_id, user_id))
    try:
        commit(Delete(like, LikeItem.pk.exists()))
    except ConditionFailed:
        return False
    return True


def liked_by(
    user_id: int, start: Start, limit: int, keep: Keep[LikeItem]
) -> tuple[list[LikeItem], Start]:
    """A page of those of someone's likes that are kept, newest first."""
    return kept_page(LikeItem, keys.likes_of(user_id), start, limit, keep=keep, index="GSI1")


def record_review(review: ReviewItem) -> None:
    """Write a review, if its author owns the model. Raises `NotOwned` and `AlreadyReviewed`.

    Writing the very same review again is no error.
    """
    owned = Check(OwnedItem(*keys.owned(review.user_id, review.model_id)), OwnedItem.pk.exists())
    try:
        commit(owned, create(review))
    except ConditionFailed as failure:
        if owned in failure.steps:
            raise NotOwned from failure
        earlier = find(ReviewItem, review.key)
        if earlier is None or earlier.id != review.id:
            raise AlreadyReviewed from failure


def reviews_on(model_id: int, start: Start, limit: int) -> tuple[list[ReviewItem], Start]:
    """A page of what is said of a model, newest first."""
    return page(ReviewItem, keys.reviews_on(model_id), start, limit, index="GSI1")


def reviews_by(user_id: int, start: Start, limit: int) -> tuple[list[ReviewItem], Start]:
    """A page of what someone said of models, newest first."""
    return page(ReviewItem, keys.reviews_by(user_id), start, limit, index="GSI2")
