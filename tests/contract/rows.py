"""One line of the table of what each route may cost; `budgets` tells how it is read."""

from typing import Any, NamedTuple

SHORT = {
    "BatchGetItem": "Batch",
    "DeleteItem": "Delete",
    "GetItem": "Get",
    "PutItem": "Put",
    "TransactWriteItems": "Transact",
    "UpdateItem": "Update",
}

ADA, ADMIN, GUEST, VISITOR = "ada", "admin", "guest", "visitor"


class Row(NamedTuple):
    method: str
    path: str
    who: str
    calls: str
    json: Any = None
    at: str = ""
    status: int = 200

    @property
    def route(self) -> tuple[str, str]:
        return self.method, self.path


class Place(NamedTuple):
    """Stands in a body for the id, or the token, of something in the world."""

    name: str
