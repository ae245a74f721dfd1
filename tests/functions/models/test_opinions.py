"""What users think of models."""

import pytest

from tests import stream
from tests.people import Person, an_admin
from tests.workshop import on_sale, submitted

pytestmark = pytest.mark.usefixtures("living_house")


@pytest.fixture
def castle() -> int:
    return on_sale(Person("ada"), an_admin("root"))


def test_a_user_likes_a_model_once(castle: int) -> None:
    bob, eve = Person("bob"), Person("eve")

    assert bob.post(f"/api/models/{castle}/like").json() == {"likes": 1}
    assert bob.post(f"/api/models/{castle}/like").json() == {"likes": 1}
    stream.settle()
    assert bob.post(f"/api/models/{castle}/like").json() == {"likes": 1}
    assert eve.post(f"/api/models/{castle}/like").json() == {"likes": 2}

    stream.settle()
    assert bob.get(f"/api/models/{castle}").json()["likes"] == 2
    assert [model["id"] for model in bob.get("/api/users/me/likes").json()] == [castle]


def test_a_double_click_is_answered_alike_before_the_like_is_counted(castle: int) -> None:
    path = f"/api/models/{castle}/like"
    for name in ("bob", "eve"):
        Person(name).post(path)
    stream.settle()
    carl = Person("carl")

    clicks = [carl.post(path).json()["likes"] for _ in range(2)]
    after = carl.delete(path).json()["likes"]

    assert (clicks, after) == ([3, 3], 2)


def test_a_like_can_be_taken_back(castle: int) -> None:
    bob = Person("bob")
    bob.post(f"/api/models/{castle}/like")
    stream.settle()

    assert bob.delete(f"/api/models/{castle}/like").json() == {"likes": 0}
    assert bob.delete(f"/api/models/{castle}/like").status_code == 200

    stream.settle()
    assert bob.get(f"/api/models/{castle}").json()["likes"] == 0
    assert bob.get("/api/users/me/likes").json() == []


def test_what_is_not_on_sale_cannot_be_liked() -> None:
    waiting = submitted(Person("ada"))["id"]

    assert Person("bob").post(f"/api/models/{waiting}/like").status_code == 404


def test_only_buyers_review_and_their_ratings_count(castle: int) -> None:
    bob, eve = Person("bob"), Person("eve")
    opinion = {"rating": 4, "title": "Solid", "text": "Stands well."}

    assert bob.post(f"/api/models/{castle}/reviews", json=opinion).status_code == 403
    for buyer in (bob, eve):
        buyer.post(f"/api/models/{castle}/purchase")
    assert bob.post(f"/api/models/{castle}/reviews", json=opinion).status_code == 201
    assert eve.post(f"/api/models/{castle}/reviews", json={"rating": 5}).status_code == 201
    assert bob.post(f"/api/models/{castle}/reviews", json={"rating": 1}).status_code == 409

    stream.settle()
    assert bob.get(f"/api/models/{castle}").json()["rating"] == 4.5
    newest, oldest = bob.get(f"/api/models/{castle}/reviews").json()
    assert newest["user"]["username"] == "eve"
    assert (oldest["rating"], oldest["title"], oldest["text"]) == (4, "Solid", "Stands well.")


def test_a_review_does_not_tell_that_a_model_waits() -> None:
    ada, bob = Person("ada"), Person("bob")
    waiting = submitted(ada)["id"]

    answers = [bob.post(f"/api/models/{each}/reviews", json={"rating": 5}) for each in (waiting, 1)]

    assert [answer.status_code for answer in answers] == [404, 404]
    own = ada.post(f"/api/models/{waiting}/reviews", json={"rating": 5})
    assert own.status_code == 403


@pytest.mark.parametrize("rating", [0, 6, -1, 4.5, "5", True, None])
def test_a_rating_is_a_whole_number_from_one_to_five(castle: int, rating: object) -> None:
    bob = Person("bob")
    bob.post(f"/api/models/{castle}/purchase")

    assert bob.post(f"/api/models/{castle}/reviews", json={"rating": rating}).status_code == 422
