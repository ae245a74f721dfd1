"""What many do at once happens once, on an AWS whose transactions are isolated."""

from collections import Counter
from collections.abc import Callable
from functools import partial

import httpx
import pytest

from nexus.table.catalogue import ModelItem
from nexus.table.idempotency import IdempotencyItem
from nexus.table.outbox import AuditItem
from nexus.table.purchases import TransactionItem
from nexus.table.throttles import ThrottleItem
from nexus.table.uploads import UploadItem, claim_upload
from nexus.table.users import SessionItem, UserItem
from tests.faults import invariants
from tests.faults.world import CATEGORY, PASSWORD, Person, World
from tests.gateway import Caller
from tests.races.race import race

AT_ONCE = 16


def settled(world: World) -> None:
    """Everything is quiet, and every invariant holds."""
    world.stream.drain()
    invariants.check(world.look())


def statuses(answers: list[httpx.Response]) -> Counter[int]:
    return Counter(answer.status_code for answer in answers)


def calls(person: Person, path: str, key: str | None = None) -> Callable[[], httpx.Response]:
    """A POST from a browser tab of its own."""
    headers = {**person.caller.headers, **({"Idempotency-Key": key} if key else {})}
    return lambda: Caller().post(path, headers=headers)


@pytest.mark.parametrize("round_", range(3))
def test_one_buyer_in_many_tabs_buys_once(world: World, round_: int) -> None:
    creator, buyer = world.person("creator"), world.person("buyer")
    path = f"/api/models/{world.model(creator, 'approved').id}/purchase"
    world.write()

    answers = race([calls(buyer, path)] * AT_ONCE)

    assert statuses(answers) == {200: 1, 409: AT_ONCE - 1}
    assert len(world.look().of(TransactionItem)) == 1
    settled(world)


def test_many_buyers_of_one_model_all_get_it(world: World) -> None:
    creator = world.person("creator")
    path = f"/api/models/{world.model(creator, 'approved').id}/purchase"
    buyers = [world.person(f"buyer{n}") for n in range(AT_ONCE)]
    world.write()

    answers = race(calls(buyer, path) for buyer in buyers)

    assert statuses(answers) == {200: AT_ONCE}
    settled(world)


def test_one_idempotency_key_has_one_effect(world: World) -> None:
    creator, buyer = world.person("creator"), world.person("buyer")
    path = f"/api/models/{world.model(creator, 'approved').id}/purchase"
    world.write()

    answers = race([calls(buyer, path, "the-key")] * AT_ONCE)

    told = {answer.text for answer in answers if answer.is_success}
    waiting = [answer for answer in answers if not answer.is_success]
    assert len(told) == 1
    assert all("still being carried out" in answer.json()["detail"] for answer in waiting)
    assert len(world.look().of(IdempotencyItem)) == 1
    assert calls(buyer, path, "the-key")().text in told
    settled(world)


def test_a_refresh_token_shown_many_times_at_once_leaves_at_most_one(world: World) -> None:
    user = world.person("user")
    world.write()
    shown = {"refresh_token": str(user.refresh)}

    answers = race([lambda: Caller().post("/api/auth/refresh", json=shown)] * AT_ONCE)

    successors = [answer.json()["refresh_token"] for answer in answers if answer.is_success]
    assert len(successors) <= 1
    assert not world.look().of(SessionItem), "a token that was shown twice ends its session"
    for token in [shown["refresh_token"], *successors]:
        again = Caller().post("/api/auth/refresh", json={"refresh_token": token})
        assert again.status_code == 401


def test_spellings_of_one_address_make_one_account(world: World) -> None:
    spellings = [
        "Nova.Stone@gmail.com",
        "novastone@googlemail.com",
        "NOVASTONE+models@GMAIL.com",
        "n.o.v.a.s.t.o.n.e@gmail.com",
    ]

    def register(number: int) -> httpx.Response:
        wanted = {
            "email": spellings[number % len(spellings)],
            "username": f"nova{number}",
            "password": PASSWORD,
        }
        return Caller().post("/api/auth/register", json=wanted)

    answers = race([partial(register, number) for number in range(AT_ONCE)])

    assert statuses(answers) == {201: 1, 409: AT_ONCE - 1}
    assert len(world.look().of(UserItem)) == 1
    settled(world)


def test_one_username_is_for_one_account(world: World) -> None:
    def register(number: int) -> httpx.Response:
        name = "Nova" if number % 2 else "nova"
        wanted = {"email": f"{number}@example.com", "username": name, "password": PASSWORD}
        return Caller().post("/api/auth/register", json=wanted)

    answers = race([partial(register, number) for number in range(AT_ONCE)])

    assert statuses(answers) == {201: 1, 409: AT_ONCE - 1}
    settled(world)


@pytest.mark.parametrize("round_", range(3))
def test_of_many_decisions_on_a_model_one_counts(world: World, round_: int) -> None:
    one, other = (world.person(name, admin=True) for name in ("one", "other"))
    path = f"/api/admin/models/{world.model(world.person('creator')).id}"
    world.write()
    decisions = [calls(one, f"{path}/approve"), calls(other, f"{path}/reject?reason=Too+dark")]

    answers = race(decisions * (AT_ONCE // 2))

    assert statuses(answers) == {200: 1, 409: AT_ONCE - 1}
    (model,) = world.look().of(ModelItem)
    (deed,) = world.look().of(AuditItem)
    assert deed.action == f"model.{model.status}"
    settled(world)


def test_an_upload_becomes_one_model(world: World) -> None:
    creator = world.person("creator")
    upload = world.ready_upload(creator)
    world.category()
    world.write()
    wanted = {"name": "Cube", "price": 5, "category": CATEGORY, "upload_ids": [upload.id]}
    headers = dict(creator.caller.headers)

    answers = race([lambda: Caller().post("/api/models", json=wanted, headers=headers)] * AT_ONCE)

    assert statuses(answers) == {201: 1, 409: AT_ONCE - 1}
    settled(world)


def test_one_worker_gets_an_upload(world: World) -> None:
    upload = world.expected_upload(world.person("creator"), b"a file")
    world.write()

    def claim(lease: str) -> bool:
        return claim_upload(UploadItem(*upload.key), lease, world.clock(), 170)

    won = race([partial(claim, str(number)) for number in range(AT_ONCE)])

    assert won.count(True) == 1
    (kept,) = world.look().of(UploadItem)
    assert (kept.lease, kept.attempts) == (str(won.index(True)), 1)


def test_attempts_to_log_in_are_counted_one_by_one(world: World) -> None:
    """Ten get a look at the password, however many come at once."""
    wrong = {"email": "owner@example.com", "password": "not the password at all"}

    answers = race([lambda: Caller().post("/api/auth/login", json=wrong)] * AT_ONCE)

    assert statuses(answers) == {401: 10, 429: AT_ONCE - 10}
    counted = [item.attempts for item in world.look().of(ThrottleItem)]
    assert max(counted) == AT_ONCE
