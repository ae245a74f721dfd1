import pytest
from pydantic import ValidationError

from nexus.errors import NotFound
from tests.gateway import Context, handler
from tests.people import Person


def run(event: dict[str, object]) -> dict[str, object]:
    answer: dict[str, object] = handler("JobsFunction")(event, Context())
    return answer


def test_an_operator_makes_an_admin(creator: Person) -> None:
    assert creator.get("/api/admin/stats").status_code == 403

    answer = run({"job": "make-admin", "email": "CREATOR@example.com"})

    assert answer == {"job": "make-admin", "user_id": creator.id}
    assert creator.get("/api/admin/models/pending").status_code == 200
    assert creator.get("/api/users/me").json()["is_admin"] is True
    assert run({"job": "make-admin", "email": creator.email}) == answer


def test_an_operator_dismisses_an_admin_who_can_then_go(admin: Person) -> None:
    assert admin.delete("/api/users/me").status_code == 409

    assert run({"job": "dismiss-admin", "email": admin.email})["user_id"] == admin.id

    assert admin.get("/api/admin/stats").status_code == 403
    assert admin.delete("/api/users/me").status_code == 204


def test_nobody_becomes_admin_who_is_nobody() -> None:
    with pytest.raises(NotFound):
        run({"job": "make-admin", "email": "nobody@example.com"})


@pytest.mark.parametrize(
    "event", [{}, {"job": "unknown"}, {"job": "make-admin"}, {"job": "make-admin", "email": 1},
              {"job": "make-admin", "email": "a@example.com", "force": True}],
)  # fmt: skip
def test_jobs_that_are_none(event: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        run(event)
