"""The sums follow the facts, however often and in whichever order the stream tells of them."""

import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nexus.accounts import service as accounts
from nexus.outside import load
from nexus.search import own_copy
from nexus.table import keys
from nexus.table.catalogue import ModelItem, change_model
from nexus.table.counters import AppliedItem, CountersItem
from nexus.table.items import Item
from nexus.table.keys import Key
from nexus.table.purchases import TransactionItem
from nexus.table.users import UserItem
from tests import cloud, stream
from tests.gateway import Caller
from tests.people import Person, ban
from tests.stream import Record
from tests.workshop import shelf, stored_model

NAMES = [
    "downloads", "models", "pending_models", "approved_models", "users", "sales", "revenue_cents",
    "fees_cents", "earned_cents",
]  # fmt: skip


def counted() -> dict[Key, dict[str, int]]:
    """The sums in the table, without what is 0."""
    found = {}
    for item in cloud.of_kind(CountersItem):
        sums = {name: getattr(item, name) for name in NAMES if getattr(item, name)}
        if sums:
            found[item.key] = sums
    return found


def recounted() -> dict[Key, dict[str, int]]:
    """The sums as one would make them from the facts with a pencil."""
    sums: dict[Key, Counter[str]] = {}

    def add(key: Key, **amounts: int) -> None:
        sums.setdefault(key, Counter()).update(amounts)

    for item in cloud.items():
        match item:
            case UserItem(is_banned=False):
                add(keys.PLATFORM_COUNTERS, users=1)
            case ModelItem(status=status, creator_id=creator_id):
                add(keys.PLATFORM_COUNTERS, models=1, pending_models=int(status == "pending"))
                approved = int(status == "approved")
                add(keys.user_counters(creator_id), approved_models=approved)
                add(keys.category_counters(item.category), models=1, approved_models=approved)
            case TransactionItem(status="completed", amount_cents=amount, fee_cents=fee):
                for key in (keys.PLATFORM_COUNTERS, keys.day_counters(item.created_at)):
                    add(key, sales=1, revenue_cents=amount, fees_cents=fee)
                add(keys.model_counters(item.model_id), downloads=1)
                add(keys.model_day(item.model_id, item.created_at), downloads=1)
                add(keys.user_counters(item.seller_id), sales=1, earned_cents=amount - fee)
    kept = {key: {name: n for name, n in amounts.items() if n} for key, amounts in sums.items()}
    return {key: amounts for key, amounts in kept.items() if amounts}


@pytest.fixture
def history() -> list[Record]:
    """The stream of a busy day: models in every state, sales, a ban."""
    with cloud.streaming():
        creator, buyer, stranger = Person("creator"), Person("buyer"), Person("stranger")
        tree, castle = shelf(creator, ("Trees", "Castles"))
        shelf(buyer, ("Lamps",))
        rejected, waiting = stored_model(creator), stored_model(creator)
        no = {"status": "rejected", "reason": "No."}
        change_model(rejected, no, rejected.created_at, ModelItem.status == "pending")
        assert waiting.status == "pending"
        for person, model_id in ((buyer, castle), (stranger, castle), (buyer, tree)):
            assert person.post(f"/api/models/{model_id}/purchase").status_code == 200
        ban(stranger)
        return stream.records()


def forget_sums() -> None:
    for item in cloud.items():
        if isinstance(item, CountersItem | AppliedItem):
            item.delete()


def test_the_sums_are_those_of_the_facts(history: list[Record]) -> None:
    assert stream.project(history) == []

    assert counted() == recounted()
    assert counted()[keys.PLATFORM_COUNTERS] == {
        "users": 2,
        "models": 5,
        "pending_models": 1,
        "sales": 3,
        "revenue_cents": 5997,
        "fees_cents": 450,
    }


def test_a_stream_that_is_read_again_from_any_point_counts_once(history: list[Record]) -> None:
    for start in (0, len(history) // 2, len(history) - 1):
        assert stream.project(history[start:]) == []

    assert counted() == recounted()


def test_any_order_and_any_repetition_end_alike(history: list[Record]) -> None:
    telling = [record for record in history if kind_of(record) in {"User", "Model", "Transaction"}]

    @settings(
        max_examples=3, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
    )
    @given(st.randoms(use_true_random=False))
    def ends_alike(dice: random.Random) -> None:
        forget_sums()
        told = telling + dice.choices(telling, k=len(telling) // 2)
        dice.shuffle(told)
        while told:
            size = dice.randint(1, len(told))
            assert stream.project(told[:size]) == []
            told = told[size:]
        assert counted() == recounted()

    ends_alike()


def kind_of(record: Record) -> str:
    change = record["dynamodb"]
    image = change.get("NewImage") or change["OldImage"]
    return str(image.get("kind", {}).get("S"))  # what only counts attempts has none


def test_only_what_counts_leaves_a_mark(history: list[Record]) -> None:
    stream.project(history)

    kinds = {"User", "Model", "Transaction", "Ledger"}
    counting = [each for each in history if kind_of(each) in kinds]
    applied = len(cloud.of_kind(AppliedItem))
    assert 0 < applied <= len(counting)
    assert all(item.expires_at for item in cloud.of_kind(AppliedItem))


def test_the_first_record_that_fails_is_told_and_ends_the_batch(history: list[Record]) -> None:
    [sale, *_] = [n for n, each in enumerate(history) if kind_of(each) == "Transaction"]
    poison = broken(history[sale])

    failed = stream.project([*history[:sale], poison, *history[sale + 1 :]])

    assert failed == [history[sale]["dynamodb"]["SequenceNumber"]]
    assert keys.PLATFORM_COUNTERS in counted()
    assert "sales" not in counted()[keys.PLATFORM_COUNTERS], "nothing after it was touched"
    assert stream.project(history[sale:]) == []
    assert counted() == recounted()


def broken(record: Record) -> Record:
    image: dict[str, Any] = dict(record["dynamodb"]["NewImage"])
    image["amount_cents"] = {"N": "a lot"}
    return record | {"dynamodb": record["dynamodb"] | {"NewImage": image}}


def test_what_goes_away_counts_no_more(history: list[Record]) -> None:
    stream.project(history)
    gone: list[Item] = [*cloud.of_kind(ModelItem), *cloud.of_kind(UserItem)]

    stream.project([removal(item, number) for number, item in enumerate(gone)])

    sums = counted()[keys.PLATFORM_COUNTERS]
    assert {"users", "models", "pending_models"} & set(sums) == set()
    assert sums["sales"] == 3


def removal(item: Item, number: int) -> Record:
    image = {"OldImage": item.to_dynamodb_dict(), "SequenceNumber": str(number)}
    return {"eventID": f"removal-{number}", "eventName": "REMOVE", "dynamodb": image}


def test_the_sums_are_seen_where_the_contract_has_them(
    history: list[Record], admin: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "_measure", lambda _: 17)
    stream.project(history)

    assert admin.get("/api/admin/stats").json() == {
        "totalRevenue": 59.97,
        "platformFees": 4.5,
        "activeUsers": 2,
        "pendingModels": 1,
        "totalModels": 5,
        "serverLoad": 17,
    }
    [creator] = [user for user in cloud.of_kind(UserItem) if user.username == "creator"]
    me = accounts.present(creator)
    assert (me.total_revenue, me.total_models, me.creator_level) == (5547, 2, "Bronze")
    own_copy.forget()  # a function that starts now
    downloads = [model["downloads"] for model in Caller().get("/api/models").json()]
    assert sorted(downloads) == [0, 1, 2]


def test_before_anything_happened_all_is_zero(
    admin: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(load, "_measure", lambda _: 0)

    assert set(admin.get("/api/admin/stats").json().values()) == {0}
