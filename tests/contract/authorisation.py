"""Who may do what: every route, and what each kind of caller is answered. Reviewed by people.

Each row is carried out in this order, each caller from left to right, in one world: Ada made the
model `{model}`, the upload and the bounty `{bounty}`; the *owner* bought the model; the *other*
user has applied for the bounty; the *user* has done nothing. So some answers tell of what came
before: a second decision is a 409, and what was deleted is a 404.

A route of the OpenAPI document without a row fails the test.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

CALLERS = ("anonymous", "banned", "user", "other", "owner", "creator", "admin")

ANYONE = "200 401 200 200 200 200 200"
"""A token that is no good is refused even where none is needed: the caller must learn of it."""
EVERYONE = "200 200 200 200 200 200 200"
"""These do not look at tokens."""
SIGNED_IN = "401 401 200 200 200 200 200"
ADMIN = "401 401 403 403 403 403 200"


class Row(NamedTuple):
    method: str
    path: str
    answers: str
    json: Any = None
    params: dict[str, str] | None = None

    @property
    def route(self) -> tuple[str, str]:
        return self.method, self.path


CATEGORY = {"name": "Towers"}
TESTIMONIAL = {"author": "Ada", "text": "It stands.", "rating": 5}
TUTORIAL = {"title": "Walls", "content": "# Walls", "category": "Beginner"}
BOUNTY = {"title": "A moat", "description": "Round the castle", "budget": 50}
DISCOUNT = {"code": "MOAT-10", "percent": 10}
PAID = {"amount": 0.01, "reference": "SEPA 1"}
UPLOAD = {"filename": "moat.glb", "size": 5}
REGISTRATION = {"email": "new@example.com", "username": "new", "password": "too easy, too short"}

CAMPAIGN = {"name": "May", "subject": "News", "content": "<p>Hello</p>", "segment": "all"}
MAILING = {"subject": "News", "content": "<p>Hello</p>", "segment": "all"}
NEXT_YEAR = {"scheduled_at": f"{datetime.now(UTC) + timedelta(days=300):%Y-%m-%dT%H:%M:%SZ}"}

TABLE = (
    # The front page and what everyone reads
    Row("GET", "/", EVERYONE),
    Row("GET", "/api/categories", EVERYONE),
    Row("GET", "/api/testimonials", EVERYONE),
    Row("GET", "/api/tutorials", EVERYONE),
    Row("GET", "/api/tutorials/{tutorial_id}", EVERYONE),
    Row("GET", "/api/homepage", EVERYONE),
    Row("GET", "/api/slider", EVERYONE),
    Row("GET", "/api/models", ANYONE),
    Row("GET", "/api/models/facets", ANYONE),
    Row("GET", "/api/models/suggest", EVERYONE, params={"q": "castle"}),
    Row("GET", "/api/models/{model_id}", ANYONE),
    Row("GET", "/api/models/{model_id}/related", EVERYONE),
    Row("GET", "/api/models/{model_id}/reviews", ANYONE),
    Row("GET", "/api/models/{model_id}/price", ANYONE),
    Row("GET", "/api/users/{user_id}", EVERYONE),
    Row("GET", "/api/users/{user_id}/models", EVERYONE),
    Row("GET", "/api/bounties", EVERYONE),
    Row("GET", "/api/bounties/{bounty_id}", ANYONE),
    # Entering: open to all, so what is asked for is refused as what it is
    Row("POST", "/api/auth/register", "422 422 422 422 422 422 422", REGISTRATION | {"x": 1}),
    Row("POST", "/api/auth/login", "422 422 422 422 422 422 422", {}),
    Row("POST", "/api/auth/refresh", "401 401 401 401 401 401 401", {"refresh_token": "x"}),
    Row("POST", "/api/auth/logout", "204 204 204 204 204 204 204", {"refresh_token": "x"}),
    Row("POST", "/api/auth/verify-email", "422 422 422 422 422 422 422", {"token": "x"}),
    Row(
        "POST",
        "/api/auth/forgot-password",
        "202 202 202 202 202 202 202",
        {"email": "nobody@example.com"},
    ),
    Row(
        "POST",
        "/api/auth/reset-password",
        "422 422 422 422 422 422 422",
        {"token": "x", "password": "a tall ship and a star"},
    ),
    # What others tell us: by signature or seal, without signing in
    Row("POST", "/api/webhooks/stripe", "400 400 400 400 400 400 400", {}),
    Row("POST", "/api/webhooks/sendgrid", "403 403 403 403 403 403 403", []),
    Row("GET", "/api/unsubscribe/{token}", EVERYONE),
    Row("POST", "/api/unsubscribe/{token}", EVERYONE),
    Row("POST", "/api/unsubscribe/{token}/undo", EVERYONE),
    # Oneself
    Row("GET", "/api/users/me", SIGNED_IN),
    Row("PATCH", "/api/users/me", SIGNED_IN, {"full_name": "Somebody"}),
    Row("GET", "/api/users/me/export", SIGNED_IN),
    Row("GET", "/api/users/me/likes", SIGNED_IN),
    Row("GET", "/api/users/me/models", SIGNED_IN),
    Row("GET", "/api/users/me/purchases", SIGNED_IN),
    Row(
        "GET",
        "/api/users/me/purchases/{transaction_id}",
        "401 401 404 404 200 404 404",
    ),
    Row(
        "GET",
        "/api/users/me/purchases/{transaction_id}/receipt",
        "401 401 404 404 200 404 404",
    ),
    Row("GET", "/api/users/me/sales", SIGNED_IN),
    Row("GET", "/api/users/me/discounts", SIGNED_IN),
    Row("POST", "/api/users/me/discounts", "401 401 201 201 201 201 201", DISCOUNT),
    Row("DELETE", "/api/users/me/discounts/{code}", "401 401 204 204 204 204 204"),
    Row("GET", "/api/users/me/statement", SIGNED_IN),
    Row("GET", "/api/users/me/statement.csv", SIGNED_IN),
    Row("GET", "/api/users/me/payouts", SIGNED_IN),
    Row("POST", "/api/users/me/payouts/onboarding", "401 401 409 409 409 409 409"),
    Row("GET", "/api/users/me/notifications", SIGNED_IN),
    Row("POST", "/api/users/me/notifications/read", SIGNED_IN, {}),
    # Models
    Row("POST", "/api/uploads", "401 401 201 201 201 201 201", UPLOAD),
    Row("GET", "/api/uploads/{upload_id}", "401 401 404 404 404 200 404"),
    Row("POST", "/api/uploads/{upload_id}/complete", "401 401 404 404 404 409 404"),
    Row("POST", "/api/inspect", "401 401 201 201 201 201 201", UPLOAD),
    Row("POST", "/api/models", "401 401 422 422 422 422 422", {"name": "Nothing"}),
    Row("PATCH", "/api/models/{model_id}", "401 401 404 404 404 200 200", {"price": 9}),
    Row("POST", "/api/models/{model_id}/like", SIGNED_IN),
    Row("DELETE", "/api/models/{model_id}/like", SIGNED_IN),
    Row("GET", "/api/models/{model_id}/download", "401 401 403 403 200 200 200"),
    Row("POST", "/api/models/{model_id}/reviews", "401 401 403 403 201 403 403", {"rating": 5}),
    Row("POST", "/api/models/{model_id}/purchase", "401 401 200 200 409 409 200"),
    Row(
        "POST",
        "/api/models/{model_id}/purchase",
        "401 401 403 403 403 403 403",
        params={"buyer_id": "1"},
    ),
    # The owner has downloaded it, by a row above
    Row(
        "POST",
        "/api/users/me/purchases/{transaction_id}/refund",
        "401 401 404 404 409 404 404",
    ),
    # Bounties
    Row("POST", "/api/bounties", "401 401 201 201 201 201 201", BOUNTY),
    Row("POST", "/api/bounties/{bounty_id}/apply", "401 401 201 409 201 409 201", {}),
    Row("GET", "/api/bounties/{bounty_id}/applications", SIGNED_IN),
    Row("PATCH", "/api/bounties/{bounty_id}", "401 401 403 403 403 200 403", {"budget": 60}),
    Row("POST", "/api/bounties/{bounty_id}/award", "401 401 403 403 403 409 403", {"user_id": 1}),
    Row("POST", "/api/bounties/{bounty_id}/complete", "401 401 403 403 403 409 403"),
    Row("POST", "/api/bounties/{bounty_id}/close", "401 401 403 403 403 200 200"),
    # Admins
    Row("GET", "/api/admin/models/pending", ADMIN),
    Row("POST", "/api/admin/models/{model_id}/approve", "401 401 403 403 403 403 409"),
    Row(
        "POST",
        "/api/admin/models/{model_id}/reject",
        "401 401 403 403 403 403 409",
        {"reason": "No"},
    ),
    Row("GET", "/api/admin/models/{model_id}/history", ADMIN),
    Row("PATCH", "/api/admin/models/{model_id}", ADMIN, {"is_featured": True}),
    Row("GET", "/api/admin/users", ADMIN),
    Row("POST", "/api/admin/users/{user_id}/verify", ADMIN),
    Row("POST", "/api/admin/users/{user_id}/disbursements", "401 401 403 403 403 403 409", PAID),
    Row("GET", "/api/admin/stats", ADMIN),
    Row("GET", "/api/admin/revenue", ADMIN),
    Row("GET", "/api/admin/revenue/series", ADMIN),
    Row("GET", "/api/admin/analytics", ADMIN),
    Row("GET", "/api/admin/audit", ADMIN),
    Row("GET", "/api/admin/verification", ADMIN),
    Row("POST", "/api/admin/verification", "401 401 403 403 403 403 202"),
    Row("POST", "/api/admin/transactions/{transaction_id}/refund", ADMIN),
    Row("GET", "/api/admin/categories", ADMIN),
    Row("POST", "/api/admin/categories", "401 401 403 403 403 403 201", CATEGORY),
    Row("GET", "/api/admin/categories/{category_id}", ADMIN),
    Row("PATCH", "/api/admin/categories/{category_id}", ADMIN, {"order": 7}),
    Row("DELETE", "/api/admin/categories/{category_id}", "401 401 403 403 403 403 204"),
    Row("GET", "/api/admin/testimonials", ADMIN),
    Row("POST", "/api/admin/testimonials", "401 401 403 403 403 403 201", TESTIMONIAL),
    Row("GET", "/api/admin/testimonials/{testimonial_id}", ADMIN),
    Row("PATCH", "/api/admin/testimonials/{testimonial_id}", ADMIN, {"rating": 4}),
    Row("DELETE", "/api/admin/testimonials/{testimonial_id}", "401 401 403 403 403 403 204"),
    Row("GET", "/api/admin/tutorials", ADMIN),
    Row("POST", "/api/admin/tutorials", "401 401 403 403 403 403 201", TUTORIAL),
    Row("GET", "/api/admin/tutorials/{tutorial_id}", ADMIN),
    Row("PATCH", "/api/admin/tutorials/{tutorial_id}", ADMIN, {"title": "Moats"}),
    Row("DELETE", "/api/admin/tutorials/{tutorial_id}", "401 401 403 403 403 403 204"),
    Row("GET", "/api/admin/campaigns", ADMIN),
    Row("POST", "/api/admin/campaigns", "401 401 403 403 403 403 201", CAMPAIGN),
    Row("GET", "/api/admin/campaigns/{campaign_id}", ADMIN),
    Row("PATCH", "/api/admin/campaigns/{campaign_id}", ADMIN, {"name": "June"}),
    Row("GET", "/api/admin/campaigns/{campaign_id}/preview", ADMIN),
    Row("POST", "/api/admin/campaigns/{campaign_id}/test", "401 401 403 403 403 403 202"),
    Row("POST", "/api/admin/campaigns/{campaign_id}/schedule", ADMIN, NEXT_YEAR),
    # Nobody follows the stream here, so the segments are empty
    Row("POST", "/api/admin/campaigns/{campaign_id}/send", "401 401 403 403 403 403 409"),
    Row("POST", "/api/admin/campaigns/{campaign_id}/cancel", ADMIN),
    Row("DELETE", "/api/admin/campaigns/{campaign_id}", "401 401 403 403 403 403 204"),
    Row("POST", "/api/admin/emails/send", "401 401 403 403 403 403 409", MAILING),
    Row("GET", "/api/admin/homepage", ADMIN),
    Row("PUT", "/api/admin/homepage", ADMIN, {"hero": "Castles"}),
    Row("GET", "/api/admin/slider", ADMIN),
    Row("PUT", "/api/admin/slider", ADMIN, []),
    # What ends something comes last
    Row("POST", "/api/admin/users/{user_id}/ban", ADMIN),
    # Ada was banned by the row above: her tokens are useless from then on
    Row("DELETE", "/api/admin/users/{user_id}/ban", "401 401 403 403 403 401 200"),
    Row("DELETE", "/api/models/{model_id}", "401 401 404 404 404 401 204"),
    Row("DELETE", "/api/users/me", "401 401 204 204 204 401 409"),
)
