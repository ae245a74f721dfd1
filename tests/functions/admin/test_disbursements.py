"""Money that goes between sellers and us past the payment provider."""

import pytest

from nexus.table.disbursements import DisbursementItem
from nexus.verification.facts import look_at
from tests import cloud, stream
from tests.people import Person
from tests.till import balances, refund
from tests.workshop import on_sale

BY_BANK = {"amount": 10, "reference": "SEPA 2026-11"}


@pytest.fixture
def sale(living_house: None, creator: Person, buyer: Person, admin: Person) -> int:
    """Of 18.49 dollars for the seller."""
    model_id = on_sale(creator, admin)
    told = buyer.post(f"/api/models/{model_id}/purchase").json()
    stream.settle()
    return int(told["transaction_id"])


def path(person: Person) -> str:
    return f"/api/admin/users/{person.id}/disbursements"


def balance(person: Person) -> float:
    stream.settle()
    return float(person.get("/api/users/me/payouts").json()["balance"])


@pytest.mark.usefixtures("sale")
def test_what_was_paid_is_owed_no_more(creator: Person, admin: Person) -> None:
    told = admin.post(path(creator), json=BY_BANK)

    assert told.status_code == 201
    assert (told.json()["amount"], told.json()["reference"]) == (10, "SEPA 2026-11")
    assert balance(creator) == 8.49
    assert balances() == {"provider": -999, "seller": 849, "platform": 150}
    booked = creator.get("/api/users/me/statement").json()
    assert [(each["entry"], each["model"], each["amount"]) for each in booked] == [
        ("payout", "", -10),
        ("sale", "Castle", 18.49),
    ]
    [deed] = [d for d in admin.get("/api/admin/audit").json() if "disbursement" in d["action"]]
    assert deed["subject"] == f"user {creator.id}"
    assert deed["detail"] == "paid 10.00 USD: SEPA 2026-11"


@pytest.mark.usefixtures("sale")
def test_no_more_is_paid_than_is_owed(creator: Person, admin: Person) -> None:
    too_much = admin.post(path(creator), json=BY_BANK | {"amount": 18.50})
    none = admin.post(path(creator), json=BY_BANK | {"direction": "received"})

    assert too_much.status_code == none.status_code == 409
    assert too_much.json()["detail"] == "We owe this seller $18.49 and no more"
    assert none.json()["detail"] == "This seller owes us $0.00 and no more"
    assert balance(creator) == 18.49


@pytest.mark.usefixtures("sale")
def test_a_request_that_comes_again_books_once(creator: Person, admin: Person) -> None:
    key = {"Idempotency-Key": "november"}

    first, again = (admin.post(path(creator), json=BY_BANK, headers=key) for _ in range(2))

    assert first.json() == again.json()
    assert balance(creator) == 8.49


@pytest.mark.usefixtures("sale")
def test_what_is_sent_twice_at_once_is_owed_once(creator: Person, admin: Person) -> None:
    whole = BY_BANK | {"amount": 18.49}

    statuses = [
        admin.post(path(creator), json=whole, headers={"Idempotency-Key": key}).status_code
        for key in "abc"
    ]

    assert statuses == [201, 409, 409], "though the balance has not moved yet"
    assert balance(creator) == 0
    assert balances() == {"provider": -150, "platform": 150}


def test_a_debt_that_is_paid_is_none_any_more(sale: int, creator: Person, admin: Person) -> None:
    admin.post(path(creator), json=BY_BANK | {"amount": 18.49})
    assert refund(admin, sale)[0] == 200
    assert balance(creator) == -18.49

    paid = {"amount": 18.49, "direction": "received", "reference": "SEPA 7"}
    assert admin.post(path(creator), json=paid).json()["amount"] == -18.49

    assert balance(creator) == 0
    assert creator.get("/api/users/me/statement").json()[0]["entry"] == "payback"


@pytest.mark.usefixtures("living_house")
def test_nobody_is_owed_anything_who_is_not_there(admin: Person) -> None:
    assert admin.post("/api/admin/users/1/disbursements", json=BY_BANK).status_code == 404


@pytest.mark.usefixtures("sale")
def test_what_is_booked_otherwise_than_it_was_paid_is_found(creator: Person, admin: Person) -> None:
    admin.post(path(creator), json=BY_BANK)
    items = sorted(cloud.items(), key=lambda item: item.key)
    assert look_at(items).found == []

    for item in items:
        if isinstance(item, DisbursementItem):
            item.amount_cents = 999

    found = look_at(items).found
    assert [each.split(":")[0].split()[:2] for each in found] == [
        ["I3", "disbursement"],
        ["I3", "user"],
    ]
