"""What the provider has told of a campaign's mail to someone, in a form that no order of events
and no repetition changes.
"""

from pynamodb.attributes import BooleanAttribute, UTCDateTimeAttribute

from nexus.table import keys
from nexus.table.items import (
    ConditionFailed,
    IntegerAttribute,
    Item,
    Put,
    Start,
    create,
    find,
    put,
)
from nexus.table.pages import page


class ReceiptItem(Item, discriminator="Receipt"):
    """Of openings and clicks that name no machine, the first and the last; and whether any did."""

    campaign_id = IntegerAttribute()
    user_id = IntegerAttribute()
    delivered_at = UTCDateTimeAttribute(null=True)
    first_open = UTCDateTimeAttribute(null=True)
    last_open = UTCDateTimeAttribute(null=True)
    machine_open = BooleanAttribute(default=False)
    first_click = UTCDateTimeAttribute(null=True)
    last_click = UTCDateTimeAttribute(null=True)
    machine_click = BooleanAttribute(default=False)
    bounced = BooleanAttribute(default=False)
    complained = BooleanAttribute(default=False)
    unsubscribed = BooleanAttribute(default=False)
    version = IntegerAttribute(default=0)


def find_receipt(campaign_id: int, user_id: int) -> ReceiptItem:
    """What is known; a new one, of version 0, where nothing is."""
    key = keys.receipt(campaign_id, user_id)
    among = keys.receipt_of(user_id, campaign_id)
    return find(ReceiptItem, key) or ReceiptItem(
        *key, campaign_id=campaign_id, user_id=user_id, gsi1_pk=among.pk, gsi1_sk=among.sk
    )


def receipts_of(user_id: int, start: Start, limit: int) -> tuple[list[ReceiptItem], Start]:
    """A page of what is known of campaigns' mails to someone, the newest campaign first."""
    return page(ReceiptItem, keys.receipts_of(user_id), start, limit, index="GSI1")


def keep_receipt(receipt: ReceiptItem) -> bool:
    """Write what is known now; False where it has changed since it was read."""
    read, receipt.version = receipt.version, receipt.version + 1
    try:
        put(Put(receipt, ReceiptItem.version == read) if read else create(receipt))
    except ConditionFailed:
        return False
    return True
