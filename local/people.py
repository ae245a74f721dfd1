"""The demo accounts, and what they say to the API."""

from dataclasses import dataclass
from typing import Any, Self

import httpx

PASSWORD = "correct horse battery staple"  # noqa: S105 - the contract names it


class SeedingFailed(Exception):
    """The API answered other than the contract says; the text tells what."""


@dataclass(frozen=True)
class Account:
    """A demo account to be."""

    email: str
    username: str
    full_name: str


ADMIN = Account("admin@example.com", "admin", "Ada Admin")
CREATORS = (
    Account("creator@example.com", "lumen-studio", "Lumen Studio"),
    Account("mira@example.com", "mira.forge", "Mira Okafor"),
    Account("jonas@example.com", "northwind3d", "Jonas Lindqvist"),
    Account("yuki@example.com", "kiln-and-clay", "Yuki Tanabe"),
    Account("paulo@example.com", "brass.atlas", "Paulo Reis"),
)
BUYERS = (
    Account("buyer@example.com", "buyer", "Bea Buyer"),
    Account("harper@example.com", "harper", "Harper Quinn"),
    Account("noor@example.com", "noor", "Noor Haddad"),
)


@dataclass(frozen=True)
class Person:
    """A signed-in demo account."""

    http: httpx.AsyncClient
    token: str

    @classmethod
    async def enter(cls, http: httpx.AsyncClient, account: Account) -> Self:
        """Register, or log in where the account is there already."""
        credentials = {"email": account.email, "password": PASSWORD}
        names = {"username": account.username, "full_name": account.full_name}
        answer = await http.post("/api/auth/register", json=credentials | names)
        if answer.status_code == httpx.codes.CONFLICT:
            answer = await http.post("/api/auth/login", json=credentials)
        return cls(http, checked(answer).json()["access_token"])

    async def call(self, method: str, path: str, **content: Any) -> Any:
        """The JSON answer; raises SeedingFailed for any but a success. Edits are of any version."""
        headers = {"Authorization": f"Bearer {self.token}", "If-Match": "*"}
        answer = await self.http.request(method, path, headers=headers, **content)
        return checked(answer).json()


@dataclass(frozen=True)
class People:
    admin: Person
    creators: tuple[Person, ...]
    buyers: tuple[Person, ...]

    @classmethod
    async def enter(cls, http: httpx.AsyncClient) -> Self:
        """Sign in everyone, making the accounts that are missing."""
        await Person.enter(http, ADMIN)
        await run_job(http, job="make-admin", email=ADMIN.email)
        return cls(
            admin=await Person.enter(http, ADMIN),
            creators=tuple([await Person.enter(http, account) for account in CREATORS]),
            buyers=tuple([await Person.enter(http, account) for account in BUYERS]),
        )


async def run_job(http: httpx.AsyncClient, **job: str) -> None:
    """As an operator does it: no route of the API can."""
    path = "/2015-03-31/functions/JobsFunction/invocations"
    answer = checked(await http.post(path, json=job))
    if "X-Amz-Function-Error" in answer.headers:
        raise SeedingFailed(f"{job['job']}: {answer.text}")


def checked(answer: httpx.Response) -> httpx.Response:
    """The response itself; raises SeedingFailed when it is not a success."""
    if not answer.is_success:
        request = answer.request
        told = f"{request.method} {request.url.path} answered {answer.status_code}: {answer.text}"
        raise SeedingFailed(told[:500])
    return answer
