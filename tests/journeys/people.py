"""The people of a journey: each has a browser, and nothing but the public API."""

import hashlib
import itertools
import ssl
import time
from contextlib import ExitStack
from typing import Any, Self

import httpx

from local.stack import Stack

PASSWORD = "correct horse battery staple"
INSPECTION_SECONDS = 150.0
POLL_SECONDS = 0.2
NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""Trusts nobody: everything here is plain HTTP, and reading the trusted ones takes its time."""


class Person(httpx.Client):
    """Someone at a browser, signed in or not."""

    def __init__(self, stack: Stack, token: str | None = None) -> None:
        super().__init__(
            base_url=stack.api_url,
            headers={"Authorization": f"Bearer {token}"} if token else {},
            timeout=60,
            trust_env=False,
            verify=NO_TLS,
        )
        self.account: dict[str, Any] = {}

    def told(self, method: str, path: str, status: int = 200, **content: Any) -> Any:
        """The JSON of an answer that must have this status."""
        answer = self.request(method, path, **content)
        assert answer.status_code == status, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def promise(self, filename: str, size: int, **more: Any) -> Any:
        wanted = {"filename": filename, "size": size, **more}
        return self.told("POST", "/api/uploads", 201, json=wanted)

    def upload(self, filename: str, content: bytes) -> dict[str, Any]:
        """Send a file straight to S3 and wait for the verdict: the upload as it ended."""
        sha256 = hashlib.sha256(content).hexdigest()
        form = self.promise(filename, len(content), sha256=sha256)
        assert send(form, content).status_code in {200, 204}
        return self.verdict(form["id"])

    def verdict(self, upload_id: int) -> dict[str, Any]:
        deadline = time.monotonic() + INSPECTION_SECONDS
        while time.monotonic() < deadline:
            upload: dict[str, Any] = self.told("GET", f"/api/uploads/{upload_id}")
            if upload["status"] in {"ready", "rejected"}:
                return upload
            time.sleep(POLL_SECONDS)
        raise TimeoutError(f"Upload {upload_id} was not inspected")


def send(form: dict[str, Any], content: bytes, **changed: str) -> httpx.Response:
    """POST a form to S3 as a browser does, with some of its fields changed."""
    return httpx.post(
        form["url"],
        data={**form["fields"], **changed},
        files={"file": ("file", content)},
        timeout=60,
        trust_env=False,
        verify=NO_TLS,
    )


def get(url: str) -> httpx.Response:
    """What anyone gets at an address outside the API."""
    return httpx.get(url, timeout=60, trust_env=False, verify=NO_TLS)


class People:
    """Whoever comes along; each has an account of their own."""

    _numbers = itertools.count(1)

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._clients = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._clients.close()

    def stranger(self, token: str | None = None) -> Person:
        return self._clients.enter_context(Person(self._stack, token))

    def user(self, role: str) -> Person:
        """Registers, then logs in with what they registered with."""
        name = f"{role}-{next(self._numbers)}"
        credentials = {"email": f"{name}@example.com", "password": PASSWORD}
        visitor = self.stranger()
        visitor.told("POST", "/api/auth/register", 201, json={**credentials, "username": name})
        tokens = visitor.told("POST", "/api/auth/login", json=credentials)
        person = self.stranger(tokens["access_token"])
        person.account = tokens["user"]
        return person

    def admin(self) -> Person:
        person = self.user("admin")
        self._stack.invoke("JobsFunction", {"job": "make-admin", "email": person.account["email"]})
        return person
