"""Who may set and who sees which field. Reviewed by people; carried out by test_fields.py.

What a request may set is what its schema names, and schemas refuse the rest. So `WRITES` names for
every route with a body the kinds of items that it writes: each of their stored attributes that the
schema does not name is sent along, and must be refused by name.
"""

from typing import NamedTuple

from nexus.table.bounties import ApplicationItem, BountyItem
from nexus.table.campaigns import BatchItem, CampaignItem
from nexus.table.catalogue import ModelItem
from nexus.table.categories import CategoryItem
from nexus.table.disbursements import DisbursementItem
from nexus.table.discounts import DiscountItem
from nexus.table.items import Item
from nexus.table.mailed import MailedItem
from nexus.table.notifications import InboxItem, NotificationItem
from nexus.table.opinions import ReviewItem
from nexus.table.purchases import TransactionItem
from nexus.table.storefront import SliderItem
from nexus.table.testimonials import TestimonialItem
from nexus.table.tutorials import TutorialItem
from nexus.table.uploads import UploadItem
from nexus.table.users import SessionItem, UserItem

type Kinds = tuple[type[Item], ...]

WRITES: dict[str, Kinds] = {
    "POST /api/auth/register": (UserItem, SessionItem),
    "POST /api/auth/login": (UserItem, SessionItem),
    "POST /api/auth/refresh": (SessionItem,),
    "POST /api/auth/logout": (SessionItem,),
    "POST /api/auth/verify-email": (UserItem, MailedItem),
    "POST /api/auth/forgot-password": (UserItem, MailedItem),
    "POST /api/auth/reset-password": (UserItem, MailedItem),
    "PATCH /api/users/me": (UserItem,),
    "POST /api/users/me/notifications/read": (NotificationItem, InboxItem),
    "POST /api/users/me/discounts": (DiscountItem,),
    "POST /api/models": (ModelItem,),
    "PATCH /api/models/{model_id}": (ModelItem,),
    "POST /api/models/{model_id}/reviews": (ReviewItem,),
    "POST /api/uploads": (UploadItem,),
    "POST /api/inspect": (UploadItem,),
    "POST /api/bounties": (BountyItem,),
    "PATCH /api/bounties/{bounty_id}": (BountyItem,),
    "POST /api/bounties/{bounty_id}/award": (BountyItem,),
    "POST /api/bounties/{bounty_id}/apply": (ApplicationItem,),
    "POST /api/admin/models/{model_id}/reject": (ModelItem,),
    "PATCH /api/admin/models/{model_id}": (ModelItem,),
    "POST /api/admin/users/{user_id}/ban": (UserItem,),
    "POST /api/admin/users/{user_id}/disbursements": (DisbursementItem,),
    "POST /api/admin/transactions/{transaction_id}/refund": (TransactionItem,),
    "POST /api/admin/categories": (CategoryItem,),
    "PATCH /api/admin/categories/{category_id}": (CategoryItem,),
    "POST /api/admin/testimonials": (TestimonialItem,),
    "PATCH /api/admin/testimonials/{testimonial_id}": (TestimonialItem,),
    "POST /api/admin/tutorials": (TutorialItem,),
    "PATCH /api/admin/tutorials/{tutorial_id}": (TutorialItem,),
    "PUT /api/admin/slider": (SliderItem,),
    "POST /api/admin/campaigns": (CampaignItem, BatchItem),
    "PATCH /api/admin/campaigns/{campaign_id}": (CampaignItem, BatchItem),
    "POST /api/admin/campaigns/{campaign_id}/schedule": (CampaignItem, BatchItem),
    "POST /api/admin/emails/send": (CampaignItem, BatchItem),
}
FREE = {
    "PUT /api/admin/homepage": "any object: it is kept as text, and names no attribute",
    "POST /api/webhooks/stripe": "signed by the provider, whose fields are not ours",
    "POST /api/webhooks/sendgrid": "signed by the provider, whose fields are not ours",
}

NEVER = {
    "asset_key", "claim", "fingerprint", "incoming_key", "lease", "leased_until", "multipart_id",
    "password", "password_hash", "payment_reference", "token_hash", "token_version", "upload_ids",
    "PK", "SK", "GSI1PK", "GSI1SK", "GSI2PK", "GSI2SK", "pk", "sk",
}  # fmt: skip
"""Stored, and in no answer of any route."""

ADDRESSES = {"User"}
"""The only schemas of answers with an e-mail address: oneself, and what admins see."""

LOOKERS = ("anonymous", "stranger", "buyer", "creator", "admin")


class Sight(NamedTuple):
    """Whether a field of the first thing that a path answers with is seen: `x`, `.` for not (null
    or no such field), or the status where there is no answer.

    Ada, the creator, has the model `{model}`, which the buyer bought, and `{turned_down}`, which
    an admin rejected; her bounty is `{bounty}`, for which the buyer applied. `{sold_before}` was
    bought by the buyer and rejected after an edit. The account `banned` is banned.
    """

    field: str
    path: str
    seen: str


SIGHTS = (
    Sight("claims", "/api/models/{model}", ". . . x x"),
    Sight("claims", "/api/models", ". . . . ."),
    Sight("claims", "/api/users/{ada}/models", ". . . . ."),
    Sight("reason", "/api/models/{turned_down}", "404 404 404 x x"),
    Sight("model.reason", "/api/users/me/purchases", "401 [] . [] []"),
    Sight("model.claims", "/api/users/me/purchases", "401 [] . [] []"),
    Sight("claims", "/api/users/me/models", "401 [] [] x []"),
    Sight("email", "/api/users/{ada}", ". . . . ."),
    Sight("total_revenue", "/api/users/{ada}", ". . . . ."),
    Sight("creator_level", "/api/users/{ada}", "x x x x x"),
    Sight("creator.email", "/api/models/{model}", ". . . . ."),
    Sight("email", "/api/users/me", "401 x x x x"),
    Sight("email", "/api/admin/users", "401 403 403 403 x"),
    Sight("ban_reason", "/api/admin/users?search=banned", "401 403 403 403 x"),
    Sight("message", "/api/bounties/{bounty}/applications", "401 403 x x x"),
    Sight("user.email", "/api/bounties/{bounty}/applications", "401 403 . . ."),
    Sight("user.email", "/api/models/{model}/reviews", ". . . . ."),
    Sight("facts", "/api/uploads/{upload}", "401 404 404 x 404"),
    Sight("buyer_id", "/api/users/me/sales", "401 [] [] x []"),
)
