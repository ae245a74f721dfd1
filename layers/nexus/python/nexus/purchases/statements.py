"""What was booked for a seller, and the receipts of buyers."""

import csv
import io
from datetime import UTC, datetime

from nexus.catalogue import service as catalogue
from nexus.errors import Conflict, Malformed, NotFound
from nexus.money import dollars
from nexus.purchases.schemas import Receipt
from nexus.purchases.service import bookings_of
from nexus.table.purchases import find_transaction
from nexus.table.users import UserItem, find_user

PAGE = 100
MOST = 5000
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def statement_csv(seller_id: int, since: datetime, until: datetime) -> str:
    """The bookings of a period as a table; what a spreadsheet would take for a formula is text.

    The newest first. Raises `Malformed` for more than `MOST` lines: an answer of a function may
    have 6 MB, and a part of a statement would look like all of it.
    https://owasp.org/www-community/attacks/CSV_Injection
    """
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\r\n")
    table.writerow(["booked_at", "transaction", "entry", "model", "amount"])
    start, lines = None, 0
    while True:
        bookings, start = bookings_of(seller_id, start, PAGE, (since, until))
        lines += len(bookings)
        if lines > MOST:
            raise Malformed(
                f"A period has at most {MOST} bookings. Please ask for less.", ("query", "from")
            )
        for each in bookings:
            when = each.booked_at.astimezone(UTC).replace(tzinfo=None).isoformat()
            amount = f"{dollars(each.amount):.2f}"
            table.writerow([f"{when}Z", each.transaction_id, each.entry, _text(each.model), amount])
        if start is None:
            return text.getvalue()


def _text(cell: str) -> str:
    return f"'{cell}" if cell.lstrip(" ").startswith(FORMULA) else cell


def receipt(transaction_id: int, *, buyer: UserItem) -> Receipt:
    """What one paid for. Raises `NotFound`, and `Conflict` for what is not paid."""
    sale = find_transaction(transaction_id)
    if sale is None or sale.buyer_id != buyer.id:
        raise NotFound("Transaction not found")
    if sale.paid_at is None:
        raise Conflict("This purchase is not paid")
    seller = find_user(sale.seller_id)
    return Receipt.of(
        sale, catalogue.get_model(sale.model_id).name, seller.username if seller else "", buyer
    )
