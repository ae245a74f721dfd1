"""What operators start by hand: `aws lambda invoke` with {"job": NAME, …}."""

from typing import Literal

from nexus.accounts import service as accounts
from nexus.logs import function_logger
from nexus.schema import Schema

logger = function_logger()


class MakeAdmin(Schema):
    """Makes the holder of an address an admin; no route can."""

    job: Literal["make-admin"]
    email: str

    def run(self) -> dict[str, object]:
        return {"job": self.job, "user_id": accounts.promote(self.email)}


@logger.inject_lambda_context
def handler(
    event: dict[str, object],
    context: object,  # noqa: ARG001  Lambda passes it
) -> dict[str, object]:
    """Raises `ValidationError` for a job that is not known and `NotFound` for an unknown user."""
    result = MakeAdmin.model_validate(event).run()
    logger.info("job done", extra=result)
    return result
