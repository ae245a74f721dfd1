"""Money, when many want it at once: paid once, given back once, at the price that was quoted."""

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest

from local.stripe.running import StandIn, give_secrets
from local.template import Template
from nexus.outside import secrets, stripe_payments
from nexus.outside.stripe_events import understand
from nexus.settings import settings
from nexus.table.discounts import DiscountItem
from nexus.table.items import create
from nexus.table.payments import EventItem
from nexus.table.purchases import OwnedItem, TransactionItem
from tests import cloud
from tests.faults import invariants
from tests.faults.local_aws import FIRST_MINUTES
from tests.faults.world import PRICE_CENTS, Person, World
from tests.gateway import Caller
from tests.races.race import race
from tests.stripe import VARIABLES, Stripe, tell

AT_ONCE = 12

pytestmark = pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")


@pytest.fixture
def provider(
    stripe_url: str, world: World, template: Template, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Stripe]:
    """Stripe takes the money, and tells nothing by itself."""
    for parameter, value in StandIn(stripe_url).parameters.items():
        monkeypatch.setenv(VARIABLES[parameter], value)
    settings.cache_clear()
    secrets._others.clear()
    world.clock.wait(60 * FIRST_MINUTES)  # Stripe signs in the present
    give_secrets(template, cloud.client("secretsmanager"))
    provider = Stripe(stripe_url)
    yield provider
    provider.close()
    stripe_payments._http().close()
    settings.cache_clear()


def calls(
    person: Person, path: str, key: str | None = None, **request: Any
) -> Callable[[], httpx.Response]:
    """A POST from a browser tab of its own."""
    headers = {**person.caller.headers, **({"Idempotency-Key": key} if key else {})}
    return lambda: Caller().post(path, headers=headers, **request)


def settled(world: World) -> None:
    world.stream.drain()
    invariants.check(world.look())


def statuses(answers: list[httpx.Response]) -> Counter[int]:
    return Counter(answer.status_code for answer in answers)


def test_many_tabs_open_one_payment(world: World, provider: Stripe) -> None:
    creator, buyer = world.person("creator"), world.person("buyer")
    path = f"/api/models/{world.model(creator, 'approved').id}/purchase"
    world.write()

    answers = race([calls(buyer, path)] * AT_ONCE)

    assert statuses(answers) == {200: AT_ONCE}
    assert len({answer.text for answer in answers}) == 1, "all get the same payment"
    assert len(world.look().of(TransactionItem)) == 1
    provider.pay(answers[0].json())
    (event,) = provider.fresh()
    assert {answer.status_code for answer in race([lambda: tell(event)] * AT_ONCE)} == {200}
    assert len(world.look().of(OwnedItem)) == 1
    settled(world)


def test_events_of_one_payment_that_come_at_once_all_count(world: World, provider: Stripe) -> None:
    creator, buyer = world.person("creator"), world.person("buyer")
    model = world.model(creator, "approved")
    world.write()
    told = calls(buyer, f"/api/models/{model.id}/purchase")().json()
    provider.pay(told)
    reference = told["payment"]["client_secret"].partition("_secret_")[0]
    for cents in (500, 700):
        provider.refund(reference, cents)
    provider.end_dispute(provider.dispute(reference, amount=799), "won")
    events = [event for event in provider.fresh() if understand(event)]

    answers = race([lambda event=event: tell(event) for event in events * 2])  # type: ignore[misc]

    assert statuses(answers) == {200: len(answers)}
    (sale,) = world.look().of(TransactionItem)
    assert (sale.status, sale.refunded_cents, sale.dispute) == ("completed", 1200, "won")
    assert len(world.look().of(EventItem)) == len(events)
    settled(world)


def test_refunds_at_once_give_back_no_more_than_was_paid(world: World, provider: Stripe) -> None:
    admin = world.person("admin", admin=True)
    creator, buyer = world.person("creator"), world.person("buyer")
    model = world.model(creator, "approved")
    world.write()
    told = calls(buyer, f"/api/models/{model.id}/purchase")().json()
    provider.pay(told)
    provider.settle()
    path = f"/api/admin/transactions/{told['transaction_id']}/refund"

    answers = race([calls(admin, path, str(n), json={"amount": 6}) for n in range(AT_ONCE)])

    assert statuses(answers) == {200: 3, 409: AT_ONCE - 3}
    (sale,) = world.look().of(TransactionItem)
    assert sale.refunded_cents == 1800
    assert len(provider.fresh()) == 3
    settled(world)


def test_a_price_that_changes_meanwhile_is_the_old_or_the_new_one(
    world: World, provider: Stripe
) -> None:
    creator = world.person("creator")
    buyers = [world.person(f"buyer{n}") for n in range(6)]
    model = world.model(creator, "approved")
    world.write()
    headers = {**creator.caller.headers, "If-Match": "*"}
    path = f"/api/models/{model.id}"

    def change() -> httpx.Response:
        return Caller().patch(path, json={"price": 30}, headers=headers)

    answers = race([*(calls(buyer, f"{path}/purchase") for buyer in buyers[:3]), change,
                    *(calls(buyer, f"{path}/purchase") for buyer in buyers[3:])])  # fmt: skip

    bought = [answer.json() for answer in answers if "transaction_id" in answer.text]
    assert len(bought) == len(buyers)
    for each in bought:
        provider.pay(each)
    provider.settle()
    quoted = {each["transaction_id"]: round(each["payment"]["amount"] * 100) for each in bought}
    charged = {sale.id: sale.amount_cents for sale in world.look().of(TransactionItem)}
    assert charged == quoted
    assert set(charged.values()) <= {PRICE_CENTS, 3000}
    assert {sale.status for sale in world.look().of(TransactionItem)} == {"completed"}


def test_a_ban_meanwhile_sells_or_refuses_and_nothing_between(
    world: World, provider: Stripe
) -> None:
    admin, creator = world.person("admin", admin=True), world.person("creator")
    buyers = [world.person(f"buyer{n}") for n in range(6)]
    model = world.model(creator, "approved")
    world.write()
    ban = calls(admin, f"/api/admin/users/{creator.id}/ban")

    answers = race([*(calls(buyer, f"/api/models/{model.id}/purchase") for buyer in buyers), ban])

    assert set(statuses(answers)) <= {200, 404}
    for answer in answers[:-1]:
        if answer.is_success:
            provider.pay(answer.json())
    provider.settle()
    kept = {sale.status for sale in world.look().of(TransactionItem)}
    assert kept <= {"completed"}


def test_a_refund_and_a_download_at_once_do_not_both_happen(world: World) -> None:
    creator, buyer = world.person("creator"), world.person("buyer")
    model = world.model(creator, "approved")
    world.write()
    sale = calls(buyer, f"/api/models/{model.id}/purchase")().json()["transaction_id"]
    headers = dict(buyer.caller.headers)

    back, file = race(
        [
            calls(buyer, f"/api/users/me/purchases/{sale}/refund"),
            lambda: Caller().get(f"/api/models/{model.id}/download", headers=headers),
        ]
    )

    assert (back.status_code, file.status_code) in {(200, 403), (409, 200)}
    settled(world)


def test_the_last_use_of_a_code_is_for_one(world: World, provider: Stripe) -> None:
    creator = world.person("creator")
    buyers = [world.person(f"buyer{n}") for n in range(8)]
    model = world.model(creator, "approved")
    code = DiscountItem.of(
        creator.id, "LAST", id=1, percent=50, left=1, created_at=datetime.now(UTC)
    )
    world._steps.append(create(code))
    world.write()

    answers = race(
        [calls(buyer, f"/api/models/{model.id}/purchase?discount=last") for buyer in buyers]
    )

    assert statuses(answers) == {200: 1, 409: len(buyers) - 1}
    (kept,) = world.look().of(DiscountItem)
    assert (kept.left, kept.uses) == (0, 1)
    settled(world)
