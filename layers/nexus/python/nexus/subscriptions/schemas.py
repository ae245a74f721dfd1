"""What goes in and out about who gets our news."""

from typing import Literal

from nexus.schema import Answer

type MailProblem = Literal["bounced", "complained"]


class Subscription(Answer):
    """Whether someone wants our news, and gets them; `address` is not spelled out.

    Where mail has met a `problem`, no news are sent, whoever wants them.
    """

    address: str
    wants_news: bool
    gets_news: bool
    problem: MailProblem | None
