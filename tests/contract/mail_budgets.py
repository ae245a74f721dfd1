"""What the routes of campaigns, and of leaving them, may cost: as `budgets` has it."""

from tests.contract.authorisation import CAMPAIGN, MAILING, NEXT_YEAR
from tests.contract.rows import ADMIN, VISITOR, Row

TABLE = (
    # What others tell us
    Row("POST", "/api/webhooks/sendgrid", VISITOR, "", [], status=403),
    Row("GET", "/api/unsubscribe/{token}", VISITOR, "1 Get"),
    Row("POST", "/api/unsubscribe/{token}", VISITOR, "3 Get, 1 Put, 1 Transact"),
    Row("POST", "/api/unsubscribe/{token}/undo", VISITOR, "2 Get, 1 Transact"),
    # Admins
    Row("GET", "/api/admin/campaigns", ADMIN, "3 Batch, 1 Query"),
    Row("POST", "/api/admin/campaigns", ADMIN, "2 Batch, 2 Get, 1 Transact", CAMPAIGN, status=201),
    Row("GET", "/api/admin/campaigns/{campaign_id}", ADMIN, "2 Batch, 2 Get"),
    Row(
        "PATCH",
        "/api/admin/campaigns/{campaign_id}",
        ADMIN,
        "2 Batch, 3 Get, 1 Transact",
        {"name": "June"},
    ),
    Row("GET", "/api/admin/campaigns/{campaign_id}/preview", ADMIN, "2 Batch, 2 Get"),
    Row(
        "POST",
        "/api/admin/campaigns/{campaign_id}/test",
        ADMIN,
        "2 Batch, 1 Get, 1 Transact",
        status=202,
    ),
    Row(
        "POST",
        "/api/admin/campaigns/{campaign_id}/schedule",
        ADMIN,
        "2 Batch, 1 CreateSchedule, 3 Get, 1 Transact",
        NEXT_YEAR,
    ),
    Row(
        "POST",
        "/api/admin/campaigns/{campaign_id}/send",
        ADMIN,
        "2 Batch, 1 DeleteSchedule, 4 Get, 1 Transact",
    ),
    Row(
        "POST",
        "/api/admin/campaigns/{campaign_id}/cancel",
        ADMIN,
        "2 Batch, 1 DeleteSchedule, 3 Get, 1 Transact",
    ),
    Row(
        "DELETE",
        "/api/admin/campaigns/{campaign_id}",
        ADMIN,
        "1 Batch, 2 Get, 1 Transact",
        status=204,
    ),
    Row(
        "POST",
        "/api/admin/emails/send",
        ADMIN,
        "1 Batch, 1 Get, 1 Put, 1 Transact, 1 Update",
        MAILING,
    ),
)
