"""Many at the very same moment, through HTTP: what they want happens once."""

from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import httpx

from tests.journeys.people import PASSWORD
from tests.load.town import Town

AT_ONCE = 32

type Calls = list[Callable[[httpx.Client], httpx.Response]]


class Crowd:
    """Each has a connection of their own."""

    def __init__(self, town: Town) -> None:
        self._town = town
        self._clients = [town.client() for _ in range(AT_ONCE)]
        self._threads = ThreadPoolExecutor(AT_ONCE)

    def close(self) -> None:
        self._threads.shutdown()
        for client in self._clients:
            client.close()

    def race(self, calls: Calls) -> list[httpx.Response]:
        line = Barrier(AT_ONCE)

        def run(number: int) -> httpx.Response:
            line.wait()
            return calls[number](self._clients[number])

        return list(self._threads.map(run, range(AT_ONCE)))

    def round(self, number: int) -> Iterator[str]:
        """One round of each kind; what was not as it must be."""
        name = f"crowd{number}"
        spellings = [f"{name}@example.com", f"{name.upper()}@Example.com"]
        found = self.race(
            [_post("/api/auth/register", json=_wanted(spellings[n % 2], f"{name}-{n}"))
             for n in range(AT_ONCE)]
        )  # fmt: skip
        yield from _expect(found, "registrations", {201: 1, 409: AT_ONCE - 1})
        session = next(each.json() for each in found if each.status_code == 201)
        headers = {"Authorization": f"Bearer {session['access_token']}"}
        model = self._town.models[number % len(self._town.models)]
        found = self.race([_post(f"/api/models/{model}/purchase", headers=headers)] * AT_ONCE)
        yield from _expect(found, "purchases", {200: 1, 409: AT_ONCE - 1})
        found = self.race([_post(f"/api/models/{model}/like", headers=headers)] * AT_ONCE)
        yield from _expect(found, "likes", {200: AT_ONCE})
        shown = {"refresh_token": session["refresh_token"]}
        found = self.race([_post("/api/auth/refresh", json=shown)] * AT_ONCE)
        good = [each.json()["refresh_token"] for each in found if each.status_code == 200]
        if len(good) > 1 or {each.status_code for each in found} - {200, 401}:
            yield f"refreshes: {_statuses(found)}"
        again = [_post("/api/auth/refresh", json={"refresh_token": each}) for each in good]
        if any(each(self._clients[0]).status_code != 401 for each in again):
            yield "refreshes: a session lives on whose token was shown twice"


def _wanted(email: str, username: str) -> dict[str, str]:
    return {"email": email, "username": username, "password": PASSWORD}


def _post(path: str, **request: Any) -> Callable[[httpx.Client], httpx.Response]:
    return lambda client: client.post(path, **request)


def _statuses(answers: list[httpx.Response]) -> Counter[int]:
    return Counter(answer.status_code for answer in answers)


def _expect(answers: list[httpx.Response], what: str, right: dict[int, int]) -> Iterator[str]:
    if _statuses(answers) != right:
        yield f"{what}: {dict(_statuses(answers))}, not {right}"
