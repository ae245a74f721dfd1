"""The kinds of fault that can befall a call to AWS."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass

from botocore.awsrequest import AWSResponse

from tests.faults.wire import Attempt, Crash, Fault, Strike, crafted


@dataclass(frozen=True)
class Kind:
    """`hiccup` says that it passes so soon that no caller may notice."""

    name: str
    strike: Strike
    hiccup: bool = False
    lasting: bool = False
    befalls: Callable[[str], bool] = lambda _operation: True

    def at(self, number: int) -> Fault:
        return Fault(number, self.strike, self.lasting)

    def at_its(self, number: int) -> Fault:
        """Of the calls it befalls, the one with this number."""
        return Fault(number, self.strike, self.lasting, self.befalls)


def _crash_before(_attempt: Attempt) -> AWSResponse:
    raise Crash


def _crash_after(attempt: Attempt) -> AWSResponse:
    attempt.carry_out()
    raise Crash


def _lose_reply(attempt: Attempt) -> AWSResponse:
    attempt.carry_out()
    raise attempt.broken


def _refuse_connection(attempt: Attempt) -> AWSResponse:
    raise attempt.refused


def _deliver_twice(attempt: Attempt) -> AWSResponse:
    first = attempt.carry_out()
    attempt.carry_out()
    return first


def _throttle(attempt: Attempt) -> AWSResponse:
    if attempt.operation.startswith("sendgrid"):
        return crafted(attempt.request, 429, b"{}", {})
    if attempt.operation.startswith("s3"):
        return _s3_error(attempt, 503, "SlowDown")
    code = "ProvisionedThroughputExceededException"
    return _json_error(attempt, 400, code if "dynamodb" in attempt.operation else "Throttling")


def _fail_after(attempt: Attempt) -> AWSResponse:
    """A 500 says nothing of whether it was done; here it was."""
    attempt.carry_out()
    if attempt.operation.startswith("sendgrid"):
        return crafted(attempt.request, 500, b"{}", {})
    if attempt.operation.startswith("stripe"):
        return attempt.error(500, b'{"error": {"type": "api_error"}}', "application/json")
    if attempt.operation.startswith("s3"):
        return _s3_error(attempt, 500, "InternalError")
    return _json_error(attempt, 500, "InternalServerError")


def _conflict(attempt: Attempt) -> AWSResponse:
    """Another transaction holds one of the items; a transaction is told so for each item."""
    if "TransactItems" not in attempt.content:
        return _json_error(attempt, 400, "TransactionConflictException")
    others = len(attempt.content["TransactItems"]) - 1
    reasons = [{"Code": "TransactionConflict", "Message": "."}, *({"Code": "None"},) * others]
    return _json_error(attempt, 400, "TransactionCanceledException", CancellationReasons=reasons)


def _json_error(attempt: Attempt, status: int, code: str, **more: object) -> AWSResponse:
    body = {"__type": f"com.amazonaws#{code}", "message": code, **more}
    return crafted(
        attempt.request,
        status,
        json.dumps(body).encode(),
        {"content-type": "application/x-amz-json-1.0"},
    )


def _s3_error(attempt: Attempt, status: int, code: str) -> AWSResponse:
    body = f"<Error><Code>{code}</Code><Message>{code}</Message></Error>".encode()
    return crafted(attempt.request, status, body, {"content-type": "application/xml"})


READS = ("GetItem", "BatchGetItem", "Query", "Scan", "GetSecretValue", "GET", "HEAD")


def _changes_something(operation: str) -> bool:
    """For calls that only read it is all one whether they were carried out; and who ends before one
    leaves what he leaves who ends before the next that changes something, or after the last.
    """
    return operation.split()[1] not in READS


def _is_of_aws(operation: str) -> bool:
    """Stripe's library leaves it to its caller to wait."""
    return not operation.startswith("stripe")


def _changes_table(operation: str) -> bool:
    return operation.startswith("dynamodb") and _changes_something(operation)


def _is_sent_again(operation: str) -> bool:
    """botocore sends again; the client of the provider of mail does not."""
    return _changes_something(operation) and not operation.startswith("sendgrid")


CRASH_AFTER = Kind("crash after", _crash_after, befalls=_changes_something)
KINDS = (
    Kind("crash before", _crash_before, befalls=_changes_something),
    CRASH_AFTER,
    Kind("reply lost", _lose_reply, hiccup=True),
    Kind("throttled", _throttle, hiccup=True, befalls=_is_of_aws),
    Kind("conflict", _conflict, hiccup=True, befalls=_changes_table),
    Kind("HTTP 500", _fail_after, hiccup=True, befalls=_changes_something),
    Kind("refused", _refuse_connection, hiccup=True),
    Kind("delivered twice", _deliver_twice, hiccup=True, befalls=_is_sent_again),
    Kind("outage", _refuse_connection, lasting=True),
)
COMPLETE = os.environ.get("NEXUS_FAULTS") == "all"
"""Whether everything is swept that can be, as `make gate` does; it takes an hour."""
OF_EACH_SORT = ("crash after", "reply lost", "conflict", "delivered twice")
SWEPT = KINDS if COMPLETE else tuple(kind for kind in KINDS if kind.name in OF_EACH_SORT)
"""What tests try: whoever ends, is in doubt, is turned away, is heard twice; or all there are."""
CRASHES = tuple(kind for kind in KINDS if not kind.hiccup)
