"""Calls 18 and 19: likes and purchases; and what buyers say."""

import pytest

from tests import stream, workshop
from tests.contract.shapes import CREATOR, MODEL, TRANSACTION, count, identifier, like, mistakes
from tests.gateway import Caller
from tests.people import Person


@pytest.mark.parametrize("slash", ["", "/"])
@pytest.mark.usefixtures("living_house")
def test_a_like_counts_once_and_can_be_taken_back(slash: str, castle: int, bea: Person) -> None:
    path = f"/api/models/{castle}/like{slash}"

    assert bea.post(path).json() == {"likes": 1}
    stream.settle()
    assert bea.post(path).json() == {"likes": 1}
    [liked] = bea.get("/api/users/me/likes").json()
    assert (mistakes(liked, MODEL), liked["id"], liked["likes"]) == ([], castle, 1)
    assert bea.delete(path).json() == {"likes": 0}
    stream.settle()
    assert bea.delete(path).json() == {"likes": 0}
    assert bea.get("/api/users/me/likes").json() == []


@pytest.mark.parametrize("slash", ["", "/"])
def test_a_purchase(slash: str, castle: int, ada: Person, bea: Person) -> None:
    answer = bea.post(f"/api/models/{castle}/purchase{slash}", params={"buyer_id": bea.id})

    assert answer.status_code == 200
    bought = answer.json()
    assert bought["message"] == "Purchase successful"
    assert identifier(bought["transaction_id"])
    [purchase], [sale] = (
        bea.get("/api/users/me/purchases").json(),
        ada.get("/api/users/me/sales").json(),
    )
    for seen in (purchase, sale):
        assert mistakes(seen, TRANSACTION) == []
        assert seen["id"] == bought["transaction_id"]
        assert (seen["buyer_id"], seen["seller_id"]) == (bea.id, ada.id)
        assert (seen["amount"], seen["platform_fee"], seen["seller_revenue"]) == (19.99, 1.5, 18.49)
    assert mistakes(purchase, {"model": like(MODEL)}) == []


def test_who_buys_is_who_is_signed_in(
    castle: int, ada: Person, bea: Person, anyone: Caller
) -> None:
    path = f"/api/models/{castle}/purchase"

    assert anyone.post(path).status_code == 401
    other = bea.post(path, params={"buyer_id": ada.id})
    assert (other.status_code, other.json()["detail"]) == (403, "Not enough permissions")
    assert ada.post(path).status_code == 409
    assert bea.post(path).status_code == 200
    assert bea.post(path).status_code == 409


def test_what_is_not_on_sale_is_not_there(ada: Person, bea: Person) -> None:
    for model_id in (1, workshop.stored_model(ada).id):
        for call in ("purchase", "like"):
            answer = bea.post(f"/api/models/{model_id}/{call}")
            assert (answer.status_code, answer.json()["detail"]) == (404, "Model not found")


def test_a_free_model_is_bought_without_a_payment(ada: Person, bea: Person) -> None:
    free = workshop.stocked(ada, price_cents=0)

    assert bea.post(f"/api/models/{free}/purchase").status_code == 200
    [purchase] = bea.get("/api/users/me/purchases").json()
    assert (purchase["amount"], purchase["platform_fee"], purchase["status"]) == (0, 0, "completed")


@pytest.mark.usefixtures("living_house")
def test_reviews_are_for_buyers_and_feed_the_rating(
    castle: int, ada: Person, bea: Person, anyone: Caller
) -> None:
    path = f"/api/models/{castle}/reviews"
    bea.post(f"/api/models/{castle}/purchase")

    assert ada.post(path, json={"rating": 5}).status_code == 403
    answer = bea.post(f"{path}/", json={"rating": 4, "title": "Solid", "text": "Good walls"})
    assert answer.status_code == 201
    assert bea.post(path, json={"rating": 5}).status_code == 409
    [review] = anyone.get(path).json()
    assert review == answer.json()
    assert (review["rating"], review["title"], review["text"]) == (4, "Solid", "Good walls")
    assert mistakes(review["user"], CREATOR) == []
    assert count(review["id"])
    stream.settle()
    assert anyone.get(f"/api/models/{castle}").json()["rating"] == 4


def test_a_review_without_words(castle: int, bea: Person) -> None:
    bea.post(f"/api/models/{castle}/purchase")

    review = bea.post(f"/api/models/{castle}/reviews", json={"rating": 1}).json()

    assert (review["title"], review["text"]) == (None, None)
