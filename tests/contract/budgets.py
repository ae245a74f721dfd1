"""What each route may cost: its calls to AWS, whatever the size of the marketplace.

Reviewed by people. Each row is carried out in this order, in one world (tests/marketplace.py), by
the caller it names; `visitor` has no token, `guest` is signed in and has done nothing before.
`at` names the item whose id stands in the path. Files go between S3 and the client, and so does
a presigned form or link: neither is a call. `SHORT` tells how the table calls the operations;
any other stands there with its whole name.

A route of the OpenAPI document without a row fails the test, and so does a `Scan`. Lists are read
with 100 to a page, the most there is. Who skips pays for what is skipped: one BatchGetItem more
for each hundred; cursors cost nothing. An export is the one answer of more than a page: a page of
each of its lists, and more where these are longer, up to a thousand entries.
"""

from tests.contract.rows import ADA, ADMIN, GUEST, VISITOR, Place, Row

CASTLE, WAITING, ANOTHER, SPARE = "castle", "waiting", "another", "spare"
RETURNED = "returned"
MOAT, GATE = "moat", "gate"
CATEGORY = {"name": "Spires"}
TESTIMONIAL = {"author": "Ada", "text": "It stands.", "rating": 5}
TUTORIAL = {"title": "Walls", "content": "# Walls", "category": "Beginner"}
BOUNTY = {"title": "A drawbridge", "description": "Oak", "budget": 50}
DISCOUNT = {"code": "MOAT-10", "percent": 10}
UPLOAD = {"filename": "moat.glb", "size": 5}
FORGOT = {"email": "ada@example.com"}
NEW = {"email": "new@example.com", "username": "new", "password": "a tall ship and a star"}
LOGIN = {"email": "new@example.com", "password": "a tall ship and a star"}
VERIFICATION = {"token": Place("verification")}
RESET = {"token": Place("reset"), "password": "a tall ship and a star"}
FIRST, SECOND = {"refresh_token": Place("session")}, {"refresh_token": Place("other session")}
MODEL = {"name": "Moat", "price": 5, "category": "Buildings", "upload_ids": [Place(SPARE)]}

TABLE = (
    # The front page and what everyone reads
    Row("GET", "/", VISITOR, ""),
    Row("GET", "/api/categories", VISITOR, "1 Batch, 1 Query"),
    Row("GET", "/api/testimonials", VISITOR, "1 Query"),
    Row("GET", "/api/tutorials", VISITOR, "2 Batch, 1 Query"),
    Row("GET", "/api/tutorials/{tutorial_id}", VISITOR, "1 Batch, 1 Update"),
    Row("GET", "/api/homepage", VISITOR, "1 Get"),
    Row("GET", "/api/slider", VISITOR, "3 Batch, 1 Get"),
    # From the index of a function that is warm; whoever signed in sees what they just changed
    Row("GET", "/api/models", VISITOR, "1 Query"),
    Row("GET", "/api/models", ADA, "1 Batch, 1 Query"),
    Row("GET", "/api/models/facets", VISITOR, "1 Query"),
    Row("GET", "/api/models/suggest", VISITOR, "1 Query"),
    Row("GET", "/api/models/{model_id}", ADA, "3 Batch, 1 Get, 2 Update", at=CASTLE),
    Row("GET", "/api/models/{model_id}/related", VISITOR, "1 Query", at=CASTLE),
    Row("GET", "/api/models/{model_id}/reviews", ADA, "2 Batch, 1 Get, 1 Query", at=CASTLE),
    Row("GET", "/api/users/{user_id}", VISITOR, "2 Get"),
    Row("GET", "/api/users/{user_id}/models", VISITOR, "2 Batch, 2 Get, 1 Query"),
    Row("GET", "/api/bounties", VISITOR, "2 Batch, 1 Query"),
    Row("GET", "/api/bounties/{bounty_id}", ADA, "3 Batch, 1 Get", at=MOAT),
    # Entering
    Row("POST", "/api/auth/register", VISITOR, "1 Get, 1 Put, 1 Transact", NEW, status=201),
    Row("POST", "/api/auth/login", VISITOR, "1 Delete, 4 Get, 1 Put, 4 Update", LOGIN),
    Row("POST", "/api/auth/refresh", VISITOR, "1 Batch, 1 Get, 1 Update", FIRST),
    Row("POST", "/api/auth/logout", VISITOR, "1 Batch, 1 Delete", SECOND, status=204),
    Row("POST", "/api/auth/verify-email", VISITOR, "2 Get, 1 Transact", VERIFICATION),
    Row(
        "POST",
        "/api/auth/forgot-password",
        VISITOR,
        "2 Get, 1 Transact, 1 Update",
        FORGOT,
        status=202,
    ),
    Row("POST", "/api/auth/reset-password", VISITOR, "2 Get, 1 Transact", RESET),
    Row("POST", "/api/webhooks/stripe", VISITOR, "", {}, status=400),
    # Oneself
    Row("GET", "/api/users/me", ADA, "1 Batch, 1 Get"),
    Row("PATCH", "/api/users/me", ADA, "1 Batch, 2 Get, 1 Transact", {"full_name": "Ada Lovelace"}),
    Row("GET", "/api/users/me/export", ADA, "14 Batch, 3 Get, 13 Query"),
    Row("GET", "/api/users/me/likes", ADA, "4 Batch, 1 Query"),
    Row("GET", "/api/users/me/models", ADA, "3 Batch, 1 Query"),
    Row("GET", "/api/users/me/purchases", ADA, "5 Batch, 1 Query"),
    Row("GET", "/api/users/me/purchases/{transaction_id}", ADA, "3 Batch, 2 Get"),
    Row(
        "POST",
        "/api/users/me/purchases/{transaction_id}/refund",
        ADA,
        "1 Batch, 1 Query",
        at=RETURNED,
        status=409,  # it was bought long ago
    ),
    Row("GET", "/api/users/me/purchases/{transaction_id}/receipt", ADA, "1 Batch, 3 Get"),
    Row("GET", "/api/users/me/discounts", ADA, "1 Batch, 1 Query"),
    Row("POST", "/api/users/me/discounts", ADA, "1 Batch, 1 Put", DISCOUNT, status=201),
    Row("DELETE", "/api/users/me/discounts/{code}", ADA, "1 Batch, 1 Get, 1 Update", status=204),
    Row("GET", "/api/models/{model_id}/price", GUEST, "2 Batch, 1 Get, 1 Query", at=CASTLE),
    Row("GET", "/api/users/me/statement", ADA, "3 Batch, 1 Query"),
    Row("GET", "/api/users/me/statement.csv", ADA, "1 Batch, 1 Query"),
    Row("GET", "/api/users/me/payouts", ADA, "1 Batch, 2 Get"),
    Row("POST", "/api/users/me/payouts/onboarding", ADA, "1 Batch", status=409),
    Row("GET", "/api/users/me/sales", ADA, "1 Batch, 1 Query"),
    Row("GET", "/api/users/me/notifications", ADA, "1 Batch, 1 Get, 2 Query"),
    Row("POST", "/api/users/me/notifications/read", ADA, "1 Batch, 1 Update", {}),
    # Models
    Row("POST", "/api/uploads", ADA, "1 Batch, 1 Get, 1 Put, 1 Query", UPLOAD, status=201),
    Row("GET", "/api/uploads/{upload_id}", ADA, "1 Batch, 1 Get", at=SPARE),
    Row(
        "POST",
        "/api/uploads/{upload_id}/complete",
        ADA,
        "1 Batch, 1 Get",
        at=SPARE,
        status=409,  # it came as a whole
    ),
    Row("POST", "/api/inspect", ADA, "1 Batch, 1 Get, 1 Put, 1 Query", UPLOAD, status=201),
    Row("POST", "/api/models", ADA, "4 Batch, 1 Query, 1 Transact", MODEL, status=201),
    Row(
        "PATCH",
        "/api/models/{model_id}",
        ADA,
        "3 Batch, 2 Get, 1 Transact",
        {"price": 9},
        at=CASTLE,
    ),
    Row("POST", "/api/models/{model_id}/like", GUEST, "2 Batch, 2 Get, 1 Put", at=CASTLE),
    Row("DELETE", "/api/models/{model_id}/like", GUEST, "2 Batch, 3 Get, 1 Transact", at=CASTLE),
    Row("POST", "/api/models/{model_id}/purchase", GUEST, "1 Batch, 4 Get, 1 Transact", at=CASTLE),
    Row("GET", "/api/models/{model_id}/download", GUEST, "1 Batch, 2 Get, 1 Update", at=CASTLE),
    Row(
        "POST",
        "/api/models/{model_id}/reviews",
        GUEST,
        "1 Batch, 1 Transact",
        {"rating": 5},
        at=CASTLE,
        status=201,
    ),
    # Bounties
    Row("POST", "/api/bounties", ADA, "2 Batch, 1 Query, 1 Transact", BOUNTY, status=201),
    Row(
        "POST",
        "/api/bounties/{bounty_id}/apply",
        GUEST,
        "2 Batch, 2 Get, 1 Query, 1 Transact",
        {},
        at=MOAT,
        status=201,
    ),
    Row("GET", "/api/bounties/{bounty_id}/applications", ADA, "3 Batch, 1 Get, 1 Query", at=MOAT),
    Row(
        "PATCH",
        "/api/bounties/{bounty_id}",
        ADA,
        "3 Batch, 1 Get, 1 Transact",
        {"budget": 60},
        at=MOAT,
    ),
    Row(
        "POST",
        "/api/bounties/{bounty_id}/award",
        ADA,
        "3 Batch, 1 Get, 1 Transact",
        {"user_id": Place(GUEST)},
        at=MOAT,
    ),
    Row("POST", "/api/bounties/{bounty_id}/complete", ADA, "3 Batch, 1 Get, 1 Transact", at=MOAT),
    Row("POST", "/api/bounties/{bounty_id}/close", ADA, "3 Batch, 1 Get, 1 Transact", at=GATE),
    # Admins
    Row("GET", "/api/admin/models/pending", ADMIN, "3 Batch, 1 Query"),
    Row(
        "POST",
        "/api/admin/models/{model_id}/approve",
        ADMIN,
        "1 Batch, 1 Get, 1 Transact",
        at=WAITING,
    ),
    Row(
        "POST",
        "/api/admin/models/{model_id}/reject",
        ADMIN,
        "1 Batch, 1 Get, 1 Transact",
        {"reason": "No"},
        at=ANOTHER,
    ),
    Row(
        "GET", "/api/admin/models/{model_id}/history", ADMIN, "1 Batch, 1 Get, 1 Query", at=WAITING
    ),
    Row(
        "PATCH",
        "/api/admin/models/{model_id}",
        ADMIN,
        "3 Batch, 2 Get, 1 Transact",
        {"is_featured": True},
        at=CASTLE,
    ),
    Row("GET", "/api/admin/users", ADMIN, "2 Batch, 1 Query"),
    Row("POST", "/api/admin/users/{user_id}/verify", ADMIN, "1 Batch, 1 Get, 1 Transact"),
    Row(
        "POST",
        "/api/admin/users/{user_id}/disbursements",
        ADMIN,
        "1 Batch, 4 Get, 1 Put, 1 Transact, 1 Update",
        {"amount": 0.01, "reference": "SEPA 1"},
        status=201,
    ),
    Row("GET", "/api/admin/stats", ADMIN, "1 Batch, 1 Get"),
    Row("GET", "/api/admin/revenue", ADMIN, "1 Batch, 1 Get, 1 Query"),
    Row("GET", "/api/admin/revenue/series", ADMIN, "1 Batch, 1 Query"),
    Row("GET", "/api/admin/analytics", ADMIN, "6 Batch, 2 Query"),
    Row("GET", "/api/admin/audit", ADMIN, "1 Batch, 1 Query"),
    Row("GET", "/api/admin/verification", ADMIN, "1 Batch, 1 Get"),
    Row("POST", "/api/admin/verification", ADMIN, "1 Batch, 2 Get, 1 Transact", status=202),
    Row(
        "POST",
        "/api/admin/transactions/{transaction_id}/refund",
        ADMIN,
        "1 Batch, 1 Put, 1 Query, 1 Transact, 1 Update",
    ),
    Row("GET", "/api/admin/categories", ADMIN, "2 Batch, 1 Query"),
    Row(
        "POST",
        "/api/admin/categories",
        ADMIN,
        "2 Batch, 1 Get, 1 Query, 1 Transact",
        CATEGORY,
        status=201,
    ),
    Row("GET", "/api/admin/categories/{category_id}", ADMIN, "2 Batch, 1 Get"),
    Row(
        "PATCH",
        "/api/admin/categories/{category_id}",
        ADMIN,
        "2 Batch, 2 Get, 1 Transact",
        {"order": 7},
    ),
    Row(
        "DELETE",
        "/api/admin/categories/{category_id}",
        ADMIN,
        "1 Batch, 2 Get, 1 Transact",
        status=204,
    ),
    Row("GET", "/api/admin/testimonials", ADMIN, "1 Batch, 1 Query"),
    Row("POST", "/api/admin/testimonials", ADMIN, "1 Batch, 1 Transact", TESTIMONIAL, status=201),
    Row("GET", "/api/admin/testimonials/{testimonial_id}", ADMIN, "1 Batch, 1 Get"),
    Row(
        "PATCH",
        "/api/admin/testimonials/{testimonial_id}",
        ADMIN,
        "1 Batch, 2 Get, 1 Transact",
        {"rating": 4},
    ),
    Row(
        "DELETE",
        "/api/admin/testimonials/{testimonial_id}",
        ADMIN,
        "1 Batch, 1 Get, 1 Transact",
        status=204,
    ),
    Row("GET", "/api/admin/tutorials", ADMIN, "3 Batch, 1 Query"),
    Row("POST", "/api/admin/tutorials", ADMIN, "1 Batch, 1 Transact", TUTORIAL, status=201),
    Row("GET", "/api/admin/tutorials/{tutorial_id}", ADMIN, "2 Batch"),
    Row(
        "PATCH",
        "/api/admin/tutorials/{tutorial_id}",
        ADMIN,
        "3 Batch, 1 Transact",
        {"title": "Moats"},
    ),
    Row("DELETE", "/api/admin/tutorials/{tutorial_id}", ADMIN, "2 Batch, 1 Transact", status=204),
    Row("GET", "/api/admin/homepage", ADMIN, "1 Batch, 1 Get"),
    Row("PUT", "/api/admin/homepage", ADMIN, "1 Batch, 1 Get, 1 Transact", {"hero": "Castles"}),
    Row("GET", "/api/admin/slider", ADMIN, "4 Batch, 1 Get"),
    Row("PUT", "/api/admin/slider", ADMIN, "4 Batch, 1 Get, 1 Transact", [Place(CASTLE)]),
    # What ends something comes last
    Row("POST", "/api/admin/users/{user_id}/ban", ADMIN, "1 Batch, 1 Get, 1 Transact"),
    Row("DELETE", "/api/admin/users/{user_id}/ban", ADMIN, "1 Batch, 2 Get, 1 Transact"),
    Row(
        "DELETE",
        "/api/models/{model_id}",
        ADMIN,
        "1 Batch, 2 Get, 1 Transact",
        at=CASTLE,
        status=204,
    ),
    Row("DELETE", "/api/users/me", GUEST, "1 Batch, 1 Transact", status=204),
)
