"""The key map of the one table. No other file spells a key.

    item         PK                    SK                 index keys
    User         USER#<user>           USER               GSI1 USERS · <user>
                                                          GSI2 USERNAMES · <name>
    Session      USER#<user>           SESSION#<family>
    Owned        USER#<buyer>          OWNED#<model>
    Returned     USER#<buyer>          RETURNED#<model>
    Counters     USER#<user>           COUNTERS           GSI1 TOP#CREATORS · <earned cents>
    Reservation  EMAIL#<address>       RESERVED
    Reservation  USERNAME#<name>       RESERVED
    Upload       UPLOAD#<upload>       UPLOAD             GSI1 UPLOADER#<user> · <upload>
    Model        MODEL#<model>         MODEL              GSI1 MODELS#<status> · <since>#<model>
                                                          GSI2 CREATOR#<user> · <at>#<model>
    Decision     MODEL#<model>         DECISION#<at>
    Like         MODEL#<model>         LIKE#<user>        GSI1 LIKER#<user> · <liked at>
    Review       MODEL#<model>         REVIEW#<user>      GSI1 REVIEWS#<model> · <written at>
                                                          GSI2 REVIEWER#<user> · <written at>
    Counters     MODEL#<model>         COUNTERS           GSI1 TOP#MODELS · <downloads>
    Change       CHANGES               <at>#<subject>
    Transaction  TRANSACTION#<tx>      TRANSACTION        GSI1 UNPAID#<buyer> · <begun at>#<tx>
      once paid                                           GSI1 SALES · <sold at>#<tx>
                                                          GSI2 SELLER#<user> · <sold at>#<tx>
    Ledger       TRANSACTION#<tx>      LEDGER#<entry>#<account>
      seller's                                            GSI1 STATEMENT#<user> · <at>#<tx>
      of the sale, buyer's                                GSI1 BUYER#<buyer> · <paid at>#<tx>
    PaymentEvent TRANSACTION#<tx>      EVENT#<event>
    Payment      PAYMENT#<reference>   PAYMENT
    Discount     DISCOUNTS#<creator>   <code>
    Price        MODEL#<model>         PRICE#<at>
    Payout       USER#<user>           PAYOUT
    PayoutAccount PAYOUTS#<account>    ACCOUNT
    Checkout     USER#<buyer>          CHECKOUT#<model>   GSI1 CHECKOUTS · <until>#<tx>
    Category     CATEGORIES            <category>
    CategoryName CATEGORY#<name>       RESERVED
    Counters     CATEGORY#<name>       COUNTERS
    Testimonial  TESTIMONIALS          <testimonial>      GSI1 TESTIMONIALS · <featured>#<since>
    Tutorial     TUTORIALS             <tutorial>         GSI1 TUTORIALS#published · <since>
                                                          GSI2 TUTORIALS#<level> · <since>
    TutorialText TUTORIAL#<tutorial>   TEXT
    Counters     TUTORIAL#<tutorial>   COUNTERS
    Homepage     STOREFRONT            HOMEPAGE
    Slider       STOREFRONT            SLIDER
    Outbox       OUTBOX#<cause>        <template>         GSI1 MAILS#<user> · <owed at>
    Audit        AUDIT                 <at>#<audit>
    Bounty       BOUNTY#<bounty>       BOUNTY             GSI1 BOUNTIES · <bounty>
                                                          GSI2 BOUNTIES#<status> · <bounty>
    Application  BOUNTY#<bounty>       APPLICATION#<user> GSI1 APPLICATIONS#<bounty> · <application>
                                                          GSI2 APPLICANT#<user> · <application>
    Counters     BOUNTY#<bounty>       COUNTERS
    Posted       USER#<user>           BOUNTY#<bounty>
    Deadline     DEADLINES             <deadline>#<bounty>
    Notification NOTIFICATIONS#<user>  <notification>     GSI1 INBOX#<user> · <at>#<notification>
                                                          GSI2 UNREAD#<user>, while unread
    Inbox        USER#<user>           INBOX
    Member       MEMBERS#<segment>     <user>
    Counters     SEGMENT#<segment>     COUNTERS
    Campaign     CAMPAIGNS             <campaign>
    CampaignText CAMPAIGN#<campaign>   TEXT
    Batch        CAMPAIGN#<campaign>   BATCH#<number>
    Receipt      CAMPAIGN#<campaign>   RECEIPT#<user>
    Counters     CAMPAIGN#<campaign>   COUNTERS
    Counters     PLATFORM              COUNTERS
    Counters     PLATFORM              DAY#<day>
    Counters     MODEL#<model>         DAY#<day>          GSI1 ACTIVE#<day> · <model>
    Trending     PLATFORM              TRENDING
    Verification PLATFORM              VERIFICATION
    Applied      APPLIED#<event>       APPLIED
    Throttle     THROTTLE#<bucket>     <window>
    Idempotency  USER#<user>           IDEMPOTENCY#<digest>
    Mailed       MAILED#<digest>       MAILED

Questions the keys answer
    Who is this, and does the session still live?  one batch of User and Session
    Is the e-mail address or username taken?       Reservation, put if absent
    Does this buyer own this model?                Owned, by key
    Has this buyer returned this model before?     Returned, put if absent
    What did this buyer pay for, newest first?     GSI1 BUYER#
    What did this buyer begin and not pay for?     GSI1 UNPAID#
    What waits for review, oldest first?           GSI1 MODELS#pending
    What is on sale, newest first?                 GSI1 MODELS#approved
    What did this creator make, sell?              GSI2 CREATOR#, SELLER#
    What changed on sale since a moment?           Change: the log that the search index follows
    Did this user like, review this model?         Like, Review, by key
    What did this user like, newest first?         GSI1 LIKER#
    What did this user say of models?              GSI2 REVIEWER#
    What sold lately, over all?                    GSI1 SALES
    What is known of this payment?                 all of TRANSACTION#<tx>
    Which sale is a provider's event about?        Payment, by the provider's reference
    Is a payment for this model under way?         Checkout: one for each buyer and model
    Which payments were not made in time?          GSI1 CHECKOUTS
    Which refunds were asked for lately?           GSI1 REFUNDS
    Is this code of the creator any good?          Discount, by key
    What did this model cost lately?               Price
    Where does this seller's money go?             Payout; whose is an account: PayoutAccount
    What was booked for this seller, and when?     GSI1 STATEMENT#
    Who sold the most, and what was bought most?   GSI1 TOP#
    Which models did anything happen to that day?  GSI1 ACTIVE#
    Whose name begins so?                          GSI2 USERNAMES
    Is this link of a mail still good?             Mailed, by key
    Which categories are there?                    CATEGORIES, all of them, as they are now
    Which testimonials, featured ones first?       GSI1 TESTIMONIALS
    Which tutorials are published, at a level?     GSI1 TUTORIALS#published, GSI2 TUTORIALS#<level>
    Which bounties are there, newest first?        GSI1 BOUNTIES; GSI2 BOUNTIES#, by status
    Which bounties did this user post?             Posted
    Which open bounties are past their deadline?   Deadline: there is one for each that is open
    Who applied for this bounty, oldest first?     GSI1 APPLICATIONS#
    What did this user apply for?                  GSI2 APPLICANT#
    What happened for this user, newest first?     GSI1 INBOX#
    What of it is unread?                          GSI2 UNREAD#, from where Inbox says
    Who of a segment comes after this user?        Member
    Which campaigns are there, newest first?       CAMPAIGNS
    Who gets the campaign's mails of this number?  Batch, by key
    What did this one do with the campaign's mail? Receipt, by key
    What are the sums?                             Counters, by key
    Do all facts agree with each other?            Verification: what the last look found
    Was this stream record applied?                Applied, put if absent in the same transaction

Numbers in keys are padded, so that their text sorts as they do.
"""

from datetime import date, datetime
from typing import NamedTuple


class Key(NamedTuple):
    pk: str
    sk: str


def _padded(number: int) -> str:
    return f"{number:016d}"


def timestamp(at: datetime) -> str:
    """A moment as text that sorts by time, to the microsecond."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def user(user_id: int) -> Key:
    return Key(f"USER#{user_id}", "USER")


USERS = "USERS"


def among_users(user_id: int) -> Key:
    return Key(USERS, _padded(user_id))


USERNAMES = "USERNAMES"


def among_usernames(name: str) -> Key:
    return Key(USERNAMES, name)


def session(user_id: int, family: str) -> Key:
    return Key(f"USER#{user_id}", f"SESSION#{family}")


def email(address: str) -> Key:
    return Key(f"EMAIL#{address}", "RESERVED")


def username(name: str) -> Key:
    return Key(f"USERNAME#{name}", "RESERVED")


def owned(buyer_id: int, model_id: int) -> Key:
    return Key(f"USER#{buyer_id}", f"OWNED#{model_id}")


def returned(buyer_id: int, model_id: int) -> Key:
    return Key(f"USER#{buyer_id}", f"RETURNED#{model_id}")


def purchases_of(buyer_id: int) -> str:
    return f"BUYER#{buyer_id}"


def bought(buyer_id: int, paid_at: datetime, transaction_id: int) -> Key:
    return Key(purchases_of(buyer_id), f"{timestamp(paid_at)}#{_padded(transaction_id)}")


def unpaid_by(buyer_id: int) -> str:
    return f"UNPAID#{buyer_id}"


def unpaid(buyer_id: int, begun_at: datetime, transaction_id: int) -> Key:
    return Key(unpaid_by(buyer_id), f"{timestamp(begun_at)}#{_padded(transaction_id)}")


def upload(upload_id: int) -> Key:
    return Key(f"UPLOAD#{upload_id}", "UPLOAD")


def uploads_of(user_id: int) -> str:
    return f"UPLOADER#{user_id}"


def uploaded(user_id: int, upload_id: int) -> Key:
    return Key(uploads_of(user_id), _padded(upload_id))


def model(model_id: int) -> Key:
    return Key(f"MODEL#{model_id}", "MODEL")


def models_in(status: str) -> str:
    return f"MODELS#{status}"


def model_in(status: str, since: datetime, model_id: int) -> Key:
    return Key(models_in(status), f"{timestamp(since)}#{_padded(model_id)}")


def models_by(creator_id: int) -> str:
    return f"CREATOR#{creator_id}"


def model_by(creator_id: int, created_at: datetime, model_id: int) -> Key:
    return Key(models_by(creator_id), f"{timestamp(created_at)}#{_padded(model_id)}")


def decisions_on(model_id: int) -> str:
    return f"MODEL#{model_id}"


DECISIONS = "DECISION#"


def decision(model_id: int, at: datetime) -> Key:
    return Key(decisions_on(model_id), f"{DECISIONS}{timestamp(at)}")


def like(model_id: int, user_id: int) -> Key:
    return Key(f"MODEL#{model_id}", f"LIKE#{user_id}")


def likes_of(user_id: int) -> str:
    return f"LIKER#{user_id}"


def review(model_id: int, user_id: int) -> Key:
    return Key(f"MODEL#{model_id}", f"REVIEW#{user_id}")


def reviews_on(model_id: int) -> str:
    return f"REVIEWS#{model_id}"


def reviews_by(user_id: int) -> str:
    return f"REVIEWER#{user_id}"


CHANGES = "CHANGES"


def change(at: datetime, subject: str) -> Key:
    return Key(CHANGES, f"{timestamp(at)}#{subject}")


def moment_of(change: Key) -> datetime:
    return datetime.fromisoformat(change.sk.partition("#")[0])


def changes_between(first: datetime, last: datetime) -> tuple[str, str]:
    """The range of the changes from one moment to another, both included."""
    return timestamp(first), f"{timestamp(last)}~"


def transaction(transaction_id: int) -> Key:
    return Key(f"TRANSACTION#{transaction_id}", "TRANSACTION")


SALES = "SALES"


def among_sales(sold_at: datetime, transaction_id: int) -> Key:
    return Key(SALES, f"{timestamp(sold_at)}#{_padded(transaction_id)}")


def sales_by(seller_id: int) -> str:
    return f"SELLER#{seller_id}"


def sale_by(seller_id: int, sold_at: datetime, transaction_id: int) -> Key:
    return Key(sales_by(seller_id), f"{timestamp(sold_at)}#{_padded(transaction_id)}")


def ledger(transaction_id: int, entry: str, account: str) -> Key:
    return Key(f"TRANSACTION#{transaction_id}", f"LEDGER#{entry}#{account}")


def booked_for(seller_id: int) -> str:
    return f"STATEMENT#{seller_id}"


def in_statement(seller_id: int, at: datetime, transaction_id: int) -> Key:
    return Key(booked_for(seller_id), f"{timestamp(at)}#{_padded(transaction_id)}")


def payment_event(transaction_id: int, event_id: str) -> Key:
    return Key(f"TRANSACTION#{transaction_id}", f"EVENT#{event_id}")


REFUNDS = "REFUNDS"


def among_refunds(at: datetime, transaction_id: int) -> Key:
    return Key(REFUNDS, f"{timestamp(at)}#{_padded(transaction_id)}")


def payment(reference: str) -> Key:
    return Key(f"PAYMENT#{reference}", "PAYMENT")


def discounts_of(creator_id: int) -> str:
    return f"DISCOUNTS#{creator_id}"


def discount(creator_id: int, code: str) -> Key:
    return Key(discounts_of(creator_id), code)


def price(model_id: int, at: datetime) -> Key:
    return Key(f"MODEL#{model_id}", f"PRICE#{timestamp(at)}")


def payout(user_id: int) -> Key:
    return Key(f"USER#{user_id}", "PAYOUT")


def disbursement(disbursement_id: int) -> Key:
    """Beside its lines of the ledger, as a sale is."""
    return Key(f"TRANSACTION#{disbursement_id}", "DISBURSEMENT")


def disbursed(user_id: int) -> Key:
    return Key(f"DISBURSED#{user_id}", "DISBURSED")


def payout_account(account: str) -> Key:
    return Key(f"PAYOUTS#{account}", "ACCOUNT")


def checkout(buyer_id: int, model_id: int) -> Key:
    return Key(f"USER#{buyer_id}", f"CHECKOUT#{model_id}")


CHECKOUTS = "CHECKOUTS"


def among_checkouts(until: datetime, transaction_id: int) -> Key:
    return Key(CHECKOUTS, f"{timestamp(until)}#{_padded(transaction_id)}")


CATEGORIES = "CATEGORIES"


def category(category_id: int) -> Key:
    return Key(CATEGORIES, _padded(category_id))


def category_name(name: str) -> Key:
    return Key(f"CATEGORY#{name.casefold()}", "RESERVED")


TESTIMONIALS = "TESTIMONIALS"
FEATURED, PLAIN = "1#", "0#"


def testimonial(testimonial_id: int) -> Key:
    return Key(TESTIMONIALS, _padded(testimonial_id))


def testimonial_shown(testimonial_id: int, since: datetime, *, featured: bool) -> Key:
    rank = FEATURED if featured else PLAIN
    return Key(TESTIMONIALS, f"{rank}{timestamp(since)}#{_padded(testimonial_id)}")


TUTORIALS = "TUTORIALS"
PUBLISHED_TUTORIALS = "TUTORIALS#published"


def tutorial_published(tutorial_id: int, since: datetime) -> Key:
    return Key(PUBLISHED_TUTORIALS, f"{timestamp(since)}#{_padded(tutorial_id)}")


def tutorials_at(level: str) -> str:
    return f"TUTORIALS#{level}"


def tutorial_at(level: str, tutorial_id: int, since: datetime) -> Key:
    return Key(tutorials_at(level), f"{timestamp(since)}#{_padded(tutorial_id)}")


def tutorial(tutorial_id: int) -> Key:
    return Key(TUTORIALS, _padded(tutorial_id))


def tutorial_text(tutorial_id: int) -> Key:
    return Key(f"TUTORIAL#{tutorial_id}", "TEXT")


HOMEPAGE = Key("STOREFRONT", "HOMEPAGE")
SLIDER = Key("STOREFRONT", "SLIDER")
BOUNTIES = "BOUNTIES"


def bounty(bounty_id: int) -> Key:
    return Key(f"BOUNTY#{bounty_id}", "BOUNTY")


def among_bounties(bounty_id: int) -> Key:
    return Key(BOUNTIES, _padded(bounty_id))


def bounties_in(status: str) -> str:
    return f"BOUNTIES#{status}"


def bounty_in(status: str, bounty_id: int) -> Key:
    return Key(bounties_in(status), _padded(bounty_id))


POSTED = "BOUNTY#"


def posted_by(user_id: int) -> str:
    return f"USER#{user_id}"


def posted(user_id: int, bounty_id: int) -> Key:
    return Key(posted_by(user_id), f"{POSTED}{_padded(bounty_id)}")


DEADLINES = "DEADLINES"


def deadline(at: datetime, bounty_id: int) -> Key:
    return Key(DEADLINES, f"{timestamp(at)}#{_padded(bounty_id)}")


def application(bounty_id: int, user_id: int) -> Key:
    return Key(f"BOUNTY#{bounty_id}", f"APPLICATION#{user_id}")


def applications_for(bounty_id: int) -> str:
    return f"APPLICATIONS#{bounty_id}"


def application_for(bounty_id: int, application_id: int) -> Key:
    return Key(applications_for(bounty_id), _padded(application_id))


def applications_of(user_id: int) -> str:
    return f"APPLICANT#{user_id}"


def application_of(user_id: int, application_id: int) -> Key:
    return Key(applications_of(user_id), _padded(application_id))


def bounty_counters(bounty_id: int) -> Key:
    return Key(f"BOUNTY#{bounty_id}", "COUNTERS")


def notifications_of(user_id: int) -> str:
    return f"NOTIFICATIONS#{user_id}"


def notification(user_id: int, notification_id: int) -> Key:
    return Key(notifications_of(user_id), _padded(notification_id))


def in_inbox_of(user_id: int) -> str:
    return f"INBOX#{user_id}"


def in_inbox(user_id: int, at: datetime, notification_id: int) -> Key:
    return Key(in_inbox_of(user_id), f"{timestamp(at)}#{_padded(notification_id)}")


def unread_of(user_id: int) -> str:
    return f"UNREAD#{user_id}"


def inbox(user_id: int) -> Key:
    return Key(f"USER#{user_id}", "INBOX")


def outbox(cause: str, message: str) -> Key:
    return Key(f"OUTBOX#{cause}", message)


def mails_to(user_id: int) -> str:
    return f"MAILS#{user_id}"


AUDIT = "AUDIT"


def audit(at: datetime, audit_id: int) -> Key:
    return Key(AUDIT, f"{timestamp(at)}#{_padded(audit_id)}")


def members_of(segment: str) -> str:
    return f"MEMBERS#{segment}"


def member(segment: str, user_id: int) -> Key:
    return Key(members_of(segment), _padded(user_id))


def segment_counters(segment: str) -> Key:
    return Key(f"SEGMENT#{segment}", "COUNTERS")


CAMPAIGNS = "CAMPAIGNS"


def campaign(campaign_id: int) -> Key:
    return Key(CAMPAIGNS, _padded(campaign_id))


def campaign_text(campaign_id: int) -> Key:
    return Key(f"CAMPAIGN#{campaign_id}", "TEXT")


def campaign_counters(campaign_id: int) -> Key:
    return Key(f"CAMPAIGN#{campaign_id}", "COUNTERS")


def batch(campaign_id: int, number: int) -> Key:
    return Key(f"CAMPAIGN#{campaign_id}", f"BATCH#{_padded(number)}")


def receipt(campaign_id: int, user_id: int) -> Key:
    return Key(f"CAMPAIGN#{campaign_id}", f"RECEIPT#{user_id}")


def receipts_of(user_id: int) -> str:
    return f"RECIPIENT#{user_id}"


def receipt_of(user_id: int, campaign_id: int) -> Key:
    return Key(receipts_of(user_id), _padded(campaign_id))


def model_counters(model_id: int) -> Key:
    return Key(f"MODEL#{model_id}", "COUNTERS")


def counted_model(key: Key) -> int | None:
    """The model whose sums these are; `None` where they are of something else, or of a day."""
    kind, _, model_id = key.pk.partition("#")
    return int(model_id) if (kind, key.sk) == ("MODEL", "COUNTERS") else None


def user_counters(user_id: int) -> Key:
    return Key(f"USER#{user_id}", "COUNTERS")


def user_of(key: Key) -> int | None:
    """Whose counters these are, if they are a user's."""
    kind, _, user_id = key.pk.partition("#")
    return int(user_id) if (kind, key.sk) == ("USER", "COUNTERS") else None


def category_counters(name: str) -> Key:
    return Key(f"CATEGORY#{name.casefold()}", "COUNTERS")


def tutorial_counters(tutorial_id: int) -> Key:
    return Key(f"TUTORIAL#{tutorial_id}", "COUNTERS")


PLATFORM_COUNTERS = Key("PLATFORM", "COUNTERS")


def model_day(model_id: int, day: date) -> Key:
    return Key(f"MODEL#{model_id}", f"DAY#{day:%Y-%m-%d}")


def active_on(day: date) -> str:
    return f"ACTIVE#{day:%Y-%m-%d}"


def counters_index(key: Key) -> Key | None:
    """Where the sums of a model's day are found among those of all models that day."""
    kind, _, model_id = key.pk.partition("#")
    prefix, _, day = key.sk.partition("#")
    if (kind, prefix) != ("MODEL", "DAY"):
        return None
    return Key(active_on(date.fromisoformat(day)), model_id)


TRENDING = Key("PLATFORM", "TRENDING")
VERIFICATION = Key("PLATFORM", "VERIFICATION")

TOP_MODELS = "TOP#MODELS"
TOP_CREATORS = "TOP#CREATORS"


def rank(list_: str, value: int) -> Key:
    """A place in a list of the best; a negative value is none."""
    return Key(list_, _padded(max(value, 0)))


def day_counters(day: date) -> Key:
    return Key(PLATFORM_COUNTERS.pk, f"DAY#{day:%Y-%m-%d}")


def applied(event_id: str) -> Key:
    return Key(f"APPLIED#{event_id}", "APPLIED")


def throttle(bucket: str, window: int) -> Key:
    return Key(f"THROTTLE#{bucket}", str(window))


def idempotency(user_id: int, digest: str) -> Key:
    return Key(f"USER#{user_id}", f"IDEMPOTENCY#{digest}")


def mailed(digest: str) -> Key:
    return Key(f"MAILED#{digest}", "MAILED")
