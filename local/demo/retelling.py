"""Tells the house of weeks that never were, through its own services with a clock set back.

It runs in a process of its own, with a function's environment, and only against the local AWS: no
function carries this module.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache

from local.demo.history import History, Visit
from local.demo.voices import BOUNTIES, CUSTOMERS, Wanted
from local.people import PASSWORD
from nexus.accounts import service as accounts
from nexus.accounts.names import email_key
from nexus.accounts.schemas import Registration
from nexus.bounties import applications, outcome
from nexus.bounties import service as bounties
from nexus.bounties.schemas import NewApplication, NewBounty
from nexus.errors import Conflict
from nexus.ids import new_id
from nexus.opinions import service as opinions
from nexus.opinions.schemas import NewReview
from nexus.purchases import service as purchases
from nexus.settings import settings
from nexus.table import keys
from nexus.table.catalogue import ModelItem
from nexus.table.counters import add_views
from nexus.table.items import Item, Update, update
from nexus.table.opinions import LikeItem, record_like
from nexus.table.outbox import OutboxItem
from nexus.table.users import UserItem, find_user_by_email

if settings().stage != "local":
    raise RuntimeError("The demo's past is for the stage 'local' only")

OutboxItem.state.default = "sent"
"""Mails of weeks ago are not sent today."""

FIRST_DAY = timedelta(days=70)


@cache
def customers() -> list[UserItem]:
    """All of them, with accounts of old; those that are there already stay as they are."""
    since = datetime.now(UTC) - FIRST_DAY
    return [
        _customer(username, name, since + timedelta(hours=7 * number))
        for number, (username, name) in enumerate(CUSTOMERS)
    ]


def _customer(username: str, name: str, since: datetime) -> UserItem:
    email = f"{username}@example.com"
    wanted = Registration(email=email, username=username, password=PASSWORD, full_name=name)
    with _unless_done():
        accounts.register(wanted, user_id=new_id(since), now=since)
    user = find_user_by_email(email_key(email))
    assert user is not None  # noqa: S101
    return user


def tell_of_model(model_id: int, past: History) -> None:
    """Let a model that was approved just now have been on sale for as long as `past` says."""
    since = past.published
    _, gsi1_sk = keys.model_in("approved", since, model_id)
    dated = [attribute.set(since) for attribute in (ModelItem.created_at, ModelItem.since)]
    item = ModelItem(*keys.model(model_id))
    update(Update(item, [*dated, Item.gsi1_sk.set(gsi1_sk)], ModelItem.status == "approved"))
    for visit in past.visits:
        _tell_of_visit(model_id, visit)
    add_views(keys.model_counters(model_id), past.views)
    add_views(keys.model_day(model_id, datetime.now(UTC)), past.lately)


def _tell_of_visit(model_id: int, visit: Visit) -> None:
    buyer, at = customers()[visit.customer], visit.at
    with _unless_done():
        purchases.buy(model_id, buyer=buyer, transaction_id=new_id(at), now=at)
    if visit.likes:
        record_like(LikeItem.of(model_id, buyer.id, at))
    if review := visit.review:
        wanted = NewReview(rating=review.stars, title=review.words.title, text=review.words.text)
        with _unless_done():
            opinions.review(
                model_id, wanted, user=buyer, review_id=new_id(review.at), now=review.at
            )


def tell_of_tutorial(tutorial_id: int, views: int) -> None:
    add_views(keys.tutorial_counters(tutorial_id), views)


def tell_of_bounties() -> None:
    """Let every bounty that is not there yet have been posted, and what followed."""
    for wanted in BOUNTIES:
        creator = customers()[wanted.by]
        posted, _ = bounties.posted(creator, None, len(BOUNTIES))
        if wanted.title not in {bounty.title for bounty in posted}:
            _tell_of_bounty(wanted, creator)


def _tell_of_bounty(wanted: Wanted, creator: UserItem) -> None:
    now = datetime.now(UTC) - timedelta(days=wanted.days_ago)
    deadline = now + timedelta(days=wanted.days_open) if wanted.days_open else None
    asked = NewBounty.model_validate(
        {
            "title": wanted.title,
            "description": wanted.description,
            "budget": wanted.budget_cents / 100,
            "deadline": deadline,
        }
    )
    bounty = bounties.post(asked, creator=creator, bounty_id=new_id(now), now=now)
    for number, message in wanted.applicants:
        now += timedelta(hours=5)
        applications.apply(
            bounty.id,
            NewApplication(message=message),
            user=customers()[number],
            application_id=new_id(now),
            now=now,
        )
    now += timedelta(days=1)
    if wanted.chosen is not None:
        outcome.award(bounty.id, customers()[wanted.chosen].id, user=creator, now=now)
    if wanted.completed:
        outcome.complete(bounty.id, user=creator, now=now + timedelta(days=12))
    if wanted.closed:
        outcome.close(bounty.id, user=creator, now=now)


@contextmanager
def _unless_done() -> Iterator[None]:
    """What is there already is not there twice."""
    try:
        yield
    except Conflict:
        return
