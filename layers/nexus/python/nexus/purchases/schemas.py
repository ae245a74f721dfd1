"""What goes in and out about purchases."""

from typing import Literal, cast

from nexus.catalogue.schemas import Model3D
from nexus.money import Dollars
from nexus.schema import Answer, Time
from nexus.table.purchases import TransactionItem

type PaidStatus = Literal["pending", "completed"]


class Transaction(Answer):
    id: int
    amount: Dollars
    platform_fee: Dollars
    seller_revenue: Dollars
    buyer_id: int
    seller_id: int
    model_id: int
    status: Literal["pending", "completed", "refunded"]
    payment_method: str
    created_at: Time

    @classmethod
    def of(cls, sale: TransactionItem) -> "Transaction":
        return cls.model_validate(cls.fields_of(sale))

    @staticmethod
    def fields_of(sale: TransactionItem) -> dict[str, object]:
        return {
            "id": sale.id,
            "amount": sale.amount_cents,
            "platform_fee": sale.fee_cents,
            "seller_revenue": sale.net_cents,
            "buyer_id": sale.buyer_id,
            "seller_id": sale.seller_id,
            "model_id": sale.model_id,
            "status": sale.status,
            "payment_method": sale.payment_method,
            "created_at": sale.created_at,
        }


class Purchase(Transaction):
    """A transaction as its buyer sees it, with what was bought."""

    model: Model3D


class Bought(Answer):
    message: Literal["Purchase successful"] = "Purchase successful"
    transaction_id: int
    status: PaidStatus

    @classmethod
    def of(cls, sale: TransactionItem) -> "Bought":
        return cls(transaction_id=sale.id, status=cast("PaidStatus", sale.status))
