"""Sellers and their money: accounts at Stripe, statements, what is taken back."""

import csv
import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from nexus.payouts.service import destination_of
from nexus.purchases import statements
from nexus.table.payouts import PayoutAccountItem, PayoutItem
from nexus.table.purchases import TransactionItem
from tests import cloud, stream
from tests.gateway import Context, handler
from tests.people import Person
from tests.stripe import Stripe, onboarded, tell
from tests.till import balances
from tests.workshop import on_sale, stocked


def pay(buyer: Person, model_id: int, provider: Stripe) -> TransactionItem:
    provider.pay(buyer.post(f"/api/models/{model_id}/purchase").json())
    provider.settle()
    return cloud.of_kind(TransactionItem)[-1]


def payouts(creator: Person) -> Any:
    return creator.get("/api/users/me/payouts").json()


def test_while_payments_are_closed_nobody_is_sent_to_the_provider(creator: Person) -> None:
    assert creator.post("/api/users/me/payouts/onboarding").status_code == 409
    assert payouts(creator) == {"status": "none", "balance": 0, "payouts": []}


def test_a_seller_without_an_account_is_owed_their_part(
    creator: Person, buyer: Person, provider: Stripe
) -> None:
    with cloud.streaming():
        pay(buyer, stocked(creator), provider)
        stream.settle()

        assert payouts(creator) == {"status": "none", "balance": 18.49, "payouts": []}


def test_the_link_leads_to_the_same_account_again(creator: Person, provider: Stripe) -> None:
    first, second = (creator.post("/api/users/me/payouts/onboarding").json() for _ in range(2))

    assert first["url"] == second["url"]
    assert payouts(creator)["status"] == "incomplete"


def test_a_seller_with_an_account_gets_their_part_at_once_and_we_our_fee(
    creator: Person, buyer: Person, provider: Stripe
) -> None:
    account = onboarded(creator, provider)
    assert payouts(creator)["status"] == "ready"

    sale = pay(buyer, stocked(creator), provider)

    intent = provider.get(f"/v1/payment_intents/{sale.payment_reference}").json()
    assert intent["application_fee_amount"] == 150
    assert intent["transfer_data"] == {"destination": account}
    assert balances() == {"provider": -150, "platform": 150}
    provider.post(f"/_peer/payouts/{account}", json={"amount": 1849})
    [payout] = payouts(creator)["payouts"]
    assert (payout["amount"], payout["currency"], payout["status"]) == (18.49, "USD", "paid")


@pytest.mark.parametrize(
    ("currency", "smallest", "units"),
    [("eur", 1849, 18.49), ("jpy", 5000, 5000), ("kwd", 5120, 5.12), ("huf", 1000, 10)],
)
def test_a_payout_is_told_in_units_of_its_currency(
    currency: str, smallest: int, units: float, creator: Person, provider: Stripe
) -> None:
    account = onboarded(creator, provider)
    paid = {"amount": smallest, "currency": currency}
    provider.post(f"/_peer/payouts/{account}", json=paid)

    [payout] = payouts(creator)["payouts"]

    assert (payout["amount"], payout["currency"]) == (units, currency.upper())


def test_a_refund_takes_back_the_fee_and_the_sellers_part(
    creator: Person, buyer: Person, admin: Person, provider: Stripe
) -> None:
    onboarded(creator, provider)
    sale = pay(buyer, stocked(creator), provider)

    for amount in (5, 7.77, None):
        wanted = {"amount": amount} if amount else None
        path = f"/api/admin/transactions/{sale.id}/refund"
        assert admin.post(path, json=wanted).status_code == 200

    assert balances() == {}


def test_what_a_lost_dispute_takes_from_a_seller_is_carried(
    creator: Person, buyer: Person, provider: Stripe
) -> None:
    with cloud.streaming():
        onboarded(creator, provider)
        sale = pay(buyer, stocked(creator), provider)
        dispute = provider.dispute(str(sale.payment_reference))
        provider.end_dispute(dispute, "lost")
        provider.settle()
        stream.settle()

        assert payouts(creator)["balance"] == -18.49


def news(account: str, *, is_ready: bool, **more: Any) -> dict[str, Any]:
    facts = {"charges_enabled": is_ready, "payouts_enabled": is_ready}
    may = {"transfers": "active" if is_ready else "inactive"}
    return {
        "id": "evt_of_an_account",
        "object": "event",
        "type": "account.updated",
        "created": int(datetime.now(UTC).timestamp()),
        "livemode": False,
        "account": account,
        "data": {"object": {"id": account, "capabilities": may, **facts}},
    } | more


def test_news_of_an_account_that_come_late_change_nothing(
    creator: Person, provider: Stripe
) -> None:
    account = onboarded(creator, provider)
    an_hour_ago = int((datetime.now(UTC) - timedelta(hours=1)).timestamp())

    assert tell(news(account, is_ready=False, created=an_hour_ago)).status_code == 200

    assert destination_of(creator.id) == account


def test_news_of_one_second_in_the_wrong_order_are_mended_by_asking(
    creator: Person, provider: Stripe
) -> None:
    account = onboarded(creator, provider)
    tell(news(account, is_ready=False))
    assert destination_of(creator.id) is None

    assert payouts(creator)["status"] == "ready"

    assert destination_of(creator.id) == account


def test_an_account_that_may_take_no_transfers_is_not_ready(
    creator: Person, provider: Stripe
) -> None:
    account = onboarded(creator, provider)
    provider.change(account, capabilities={"transfers": "pending"})
    provider.settle()

    assert destination_of(creator.id) is None
    assert payouts(creator)["status"] == "incomplete"


def test_news_of_the_other_mode_change_nothing(creator: Person, provider: Stripe) -> None:
    creator.post("/api/users/me/payouts/onboarding")
    [kept] = cloud.of_kind(PayoutItem)

    answer = tell(news(kept.account, is_ready=True, livemode=True))

    assert (answer.status_code, answer.json()["message"]) == (200, "Unknown account")
    assert destination_of(creator.id) is None


def test_whose_an_account_is_goes_with_the_erased_seller(creator: Person, provider: Stripe) -> None:
    with cloud.streaming():
        account = onboarded(creator, provider)
        assert creator.delete("/api/users/me").status_code == 204
        stream.settle()

    told = tell(news(account, is_ready=True))

    assert (told.status_code, told.json()["message"]) == (200, "Unknown account")
    assert [*cloud.of_kind(PayoutItem), *cloud.of_kind(PayoutAccountItem)] == []


def test_a_statement_tells_what_was_booked(creator: Person, buyer: Person, admin: Person) -> None:
    model_id = on_sale(creator, admin, name='=HYPERLINK("http://evil.example")')
    sale = buyer.post(f"/api/models/{model_id}/purchase").json()["transaction_id"]
    admin.post(f"/api/admin/transactions/{sale}/refund", json={"amount": 5})

    booked = creator.get("/api/users/me/statement").json()
    table = creator.get("/api/users/me/statement.csv")

    assert [(each["entry"], each["amount"]) for each in booked] == [
        ("refund", -4.62),
        ("sale", 18.49),
    ]
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert table.headers["content-disposition"].startswith("attachment")
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert [row["amount"] for row in rows] == ["-4.62", "18.49"]
    assert [row["booked_at"] for row in rows] == [each["booked_at"] for each in booked]
    assert all(row["booked_at"].endswith("Z") for row in rows)
    assert {row["model"] for row in rows} == {'\'=HYPERLINK("http://evil.example")'}
    assert buyer.get("/api/users/me/statement").json() == []


@pytest.mark.parametrize(
    "period",
    [
        {"from": "2020-01-01", "to": "2026-01-01"},
        {"from": "2026-01-02", "to": "2026-01-01"},
        {"to": "0001-01-02"},
        {"from": "9999-12-31", "to": "9999-12-31"},
        {"from": "0001-01-01"},
    ],
    ids=str,
)
@pytest.mark.parametrize("path", ["/api/users/me/statement.csv", "/api/admin/revenue/series"])
def test_a_period_that_is_none(path: str, period: dict[str, str], admin: Person) -> None:
    answer = admin.get(path, params=period)

    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("A period ")


def test_a_statement_reaches_back_past_what_came_since(
    creator: Person, buyer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements, "MOST", 2)
    for _ in range(3):
        buyer.post(f"/api/models/{stocked(creator)}/purchase")
    [first, *_] = sorted(cloud.of_kind(TransactionItem), key=lambda sale: sale.id)
    assert first.paid_at
    period = (first.created_at, first.paid_at + timedelta(microseconds=1))

    table = statements.statement_csv(creator.id, *period)

    assert [row["transaction"] for row in csv.DictReader(io.StringIO(table))] == [str(first.id)]


def test_a_statement_is_whole_or_refused(
    creator: Person, buyer: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(statements, "MOST", 3)
    monkeypatch.setattr(statements, "PAGE", 2)
    path = "/api/users/me/statement.csv"
    for _ in range(3):
        buyer.post(f"/api/models/{stocked(creator)}/purchase")
    assert len(list(csv.DictReader(io.StringIO(creator.get(path).text)))) == 3
    buyer.post(f"/api/models/{stocked(creator)}/purchase")

    refused = creator.get(path)

    assert refused.status_code == 422
    assert refused.json()["detail"] == "A period has at most 3 bookings. Please ask for less."
    assert refused.json()["errors"][0]["loc"] == ["query", "from"]


def test_a_receipt_is_for_who_paid(creator: Person, buyer: Person, stranger: Person) -> None:
    sale = buyer.post(f"/api/models/{stocked(creator)}/purchase").json()["transaction_id"]
    path = f"/api/users/me/purchases/{sale}/receipt"

    receipt = buyer.get(path).json()

    assert stranger.get(path).status_code == 404
    assert (receipt["number"], receipt["buyer"], receipt["seller"]) == (sale, "buyer", "creator")
    assert (receipt["model"], receipt["amount"], receipt["currency"]) == ("Castle", 19.99, "USD")


# ---- The books compared


def compare() -> Any:
    cloud.forget_secrets()  # the function has just started
    return handler("JobsFunction")({"job": "reconcile-payments"}, Context())


def test_books_that_agree_have_no_differences(
    creator: Person, buyer: Person, provider: Stripe
) -> None:
    sale = pay(buyer, stocked(creator), provider)
    provider.refund(str(sale.payment_reference), 500)
    provider.settle()

    told = compare()

    assert told["differences"] == [each for each in told["differences"] if "do not know" in each]
    assert told["checked"] >= 1


def test_what_one_book_has_and_the_other_has_not_is_told(
    creator: Person, buyer: Person, provider: Stripe
) -> None:
    sale = pay(buyer, stocked(creator), provider)
    provider.refund(str(sale.payment_reference), 500)
    provider.fresh()  # nobody tells us

    told = [each for each in compare()["differences"] if str(sale.payment_reference) in each]

    assert told == [f"{sale.payment_reference}: refunded is 0 for us and 500 for the provider"]
