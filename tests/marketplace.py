"""A marketplace of any size, in which everything is there that a list can show."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count

from nexus.accounts.names import email_key, username_key
from nexus.ids import new_id
from nexus.money import FEE_PER_MILLE, platform_fee
from nexus.purchases.events import complete
from nexus.statistics.contributions import contribution
from nexus.table import keys
from nexus.table.bounties import ApplicationItem, BountyItem, PostedItem
from nexus.table.catalogue import ModelItem
from nexus.table.categories import CategoryItem, CategoryNameItem
from nexus.table.counters import CountersItem
from nexus.table.items import Item
from nexus.table.keys import Key
from nexus.table.notifications import NotificationItem
from nexus.table.opinions import LikeItem, ReviewItem
from nexus.table.outbox import record_deed
from nexus.table.purchases import OwnedItem, TransactionItem
from nexus.table.segments import MemberItem
from nexus.table.testimonials import TestimonialItem
from nexus.table.tutorials import TutorialItem, TutorialTextItem
from nexus.table.users import ReservationItem, UserItem
from tests import cloud
from tests.people import Person, an_admin
from tests.workshop import unsaved_model, unsaved_upload

PRICE = 1999


@dataclass
class Marketplace:
    """Ada made `size` models, and bought and likes one of each in a crowd of as many. They bought,
    reviewed and like her first one; each asks for something, and so does she three times. They
    apply for her first bounty, and she for theirs.
    """

    ada: Person
    admin: Person
    crowd: list[int]
    hers: list[int]
    theirs: list[int]
    waiting: list[int]
    sales: list[int]
    bounties: list[int]
    categories: list[int]
    testimonials: list[int]
    tutorials: list[int]


def marketplace(size: int) -> Marketplace:
    """Written straight into the table: going through the API would take minutes."""
    founding = _Founding(Person("ada"), an_admin("root"), size)
    place = founding.found()
    cloud.store(founding.items)
    cloud.store(sums_of(cloud.items()))
    return place


def sums_of(items: list[Item]) -> list[CountersItem]:
    """The sums of all facts, the best of them in their ranks."""
    sums: dict[Key, CountersItem] = {}
    for item in items:
        for key, amounts in contribution(item).items():
            counters = sums.setdefault(key, CountersItem(*key))
            for name, amount in amounts.items():
                setattr(counters, name, getattr(counters, name) + amount)
    for counters in sums.values():
        if counters.downloads and counters.sk == "COUNTERS":
            counters.gsi1_pk, counters.gsi1_sk = keys.rank(keys.TOP_MODELS, counters.downloads)
        if counters.earned_cents:
            counters.gsi1_pk, counters.gsi1_sk = keys.rank(keys.TOP_CREATORS, counters.earned_cents)
    return list(sums.values())


class _Founding:
    def __init__(self, ada: Person, admin: Person, size: int) -> None:
        self.ada, self.admin, self.size = ada, admin, size
        self.items: list[Item] = []
        start = datetime.now(UTC) - timedelta(days=365)
        self.moments = (start + timedelta(hours=number) for number in count())

    def found(self) -> Marketplace:
        crowd = [self.person(f"person-{n}") for n in range(self.size)]
        hers = [self.on_sale(self.ada.id) for _ in crowd]
        theirs = [self.on_sale(person) for person in crowd]
        waiting = [self.model(person).id for person in crowd]
        sales = [
            self.sale(self.ada.id, model_id, seller)
            for seller, model_id in zip(crowd, theirs, strict=True)
        ]
        for person, model_id in zip(crowd, theirs, strict=True):
            self.sale(person, hers[0], self.ada.id)
            self.praise(person, hers[0])
            self.add(LikeItem.of(model_id, self.ada.id, next(self.moments)))
        return Marketplace(
            self.ada,
            self.admin,
            crowd,
            hers,
            theirs,
            waiting,
            sales,
            self.bounties(crowd),
            [self.category(f"Towers {n}") for n in range(self.size)],
            [self.testimonial() for _ in range(self.size)],
            [self.tutorial() for _ in range(self.size)],
        )

    def add(self, *items: Item) -> None:
        self.items += items

    def new(self) -> tuple[int, datetime]:
        """An id, and a moment that nothing else has."""
        now = next(self.moments)
        return new_id(now), now

    def person(self, name: str) -> int:
        user_id, now = self.new()
        email = f"{name}@example.com"
        self.add(
            UserItem.of(user_id, email=email, username=name, password_hash="none", created_at=now),
            ReservationItem(*keys.email(email_key(email)), user_id=user_id),
            ReservationItem(*keys.username(username_key(name)), user_id=user_id),
            MemberItem.of("all", user_id),
        )
        return user_id

    def model(self, creator_id: int) -> ModelItem:
        now = next(self.moments)
        upload = unsaved_upload(creator_id, now)
        model = unsaved_model(creator_id, upload, "Buildings", now)
        upload.model_id = model.id
        self.add(upload, model)
        return model

    def on_sale(self, creator_id: int) -> int:
        model = self.model(creator_id)
        model.status, model.version = "approved", 2
        model.gsi1_pk, model.gsi1_sk = keys.model_in("approved", model.since, model.id)
        return model.id

    def sale(self, buyer_id: int, model_id: int, seller_id: int) -> int:
        sale_id, now = self.new()
        fee = platform_fee(PRICE)
        sale = TransactionItem.of(
            sale_id,
            seller_id,
            now,
            amount_cents=PRICE,
            fee_cents=fee,
            net_cents=PRICE - fee,
            fee_per_mille=FEE_PER_MILLE,
            buyer_id=buyer_id,
            model_id=model_id,
            model_version=2,
            status="pending",
            payment_method="sandbox",
        )
        event, ledger = complete(sale, now)
        self.add(sale, event, OwnedItem.by(sale), *ledger)
        self.notification(seller_id, model_id, now)
        return sale_id

    def notification(self, user_id: int, model_id: int, now: datetime) -> None:
        told = {"about": "sale", "data": {"name": "Castle"}, "link": f"/api/models/{model_id}"}
        self.add(NotificationItem.of(new_id(now), user_id, now, **told))

    def praise(self, person: int, model_id: int) -> None:
        review_id, now = self.new()
        review = ReviewItem.of(review_id, model_id, person, now, rating=4, title=None, text=None)
        self.add(review, LikeItem.of(model_id, person, now))

    def bounties(self, crowd: list[int]) -> list[int]:
        """Ada's three, then one of each in the crowd."""
        posted = [self.bounty(person) for person in (*(self.ada.id,) * 3, *crowd)]
        for person in crowd:
            self.application(posted[0], person)
        for bounty_id in posted[3:]:
            self.application(bounty_id, self.ada.id)
        return posted

    def bounty(self, creator_id: int) -> int:
        bounty_id, now = self.new()
        wanted = {"title": "A moat", "description": "Round the castle", "budget_cents": 5000}
        self.add(
            BountyItem.of(bounty_id, creator_id, now, **wanted),
            PostedItem(*keys.posted(creator_id, bounty_id), bounty_id=bounty_id),
        )
        return bounty_id

    def application(self, bounty_id: int, person: int) -> None:
        application_id, now = self.new()
        self.add(ApplicationItem.of(application_id, bounty_id, person, created_at=now))

    def category(self, name: str) -> int:
        new, now = self.new()
        self.add(
            CategoryItem.of(new, now, name=name, icon="📦", enabled=True, position=0),
            CategoryNameItem(*keys.category_name(name), category_id=new),
            record_deed(new, self.admin.id, "category.create", f"category {new}", name, now).item,
        )
        return new

    def testimonial(self) -> int:
        new, now = self.new()
        self.add(
            TestimonialItem.of(
                new,
                now,
                author="Ada",
                company=None,
                text="It stands.",
                rating=5,
                verified=True,
                featured=False,
            )
        )
        return new

    def tutorial(self) -> int:
        new, now = self.new()
        text = "# Walls"
        self.add(
            TutorialItem.of(
                new, now, title="Walls", level="Beginner", size=len(text), published=True
            ),
            TutorialTextItem(*keys.tutorial_text(new), content=text),
        )
        return new
