"""The sink as HTTP: SendGrid's API for the functions, pages for people, switches for tests."""

import asyncio
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import httpx
from jinja2 import Environment, FileSystemLoader
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from local.postbox import events
from local.postbox.sink import Mail, Plan, Sink

PLACE = "/_local/mail"
WEBHOOK = "/api/webhooks/sendgrid"
SILENT_SECONDS = 60
NEWEST = 200

_pages = Environment(loader=FileSystemLoader(Path(__file__).parent), autoescape=True)


def app(sink: Sink, api_url: str) -> Starlette:
    """`api_url` tells where events are posted to."""
    return Starlette(
        routes=[
            Route("/", _Inbox(sink).show),
            Route("/v3/mail/send", _Api(sink).send, methods=["POST"]),
            Route("/mails", _Inbox(sink).listed),
            Route("/mails", _Inbox(sink).empty, methods=["DELETE"]),
            Route("/mails/{id:int}", _Inbox(sink).mail),
            Route("/mails/{id:int}/html", _Inbox(sink).html),
            Route("/mails/{id:int}/events", _Events(sink, api_url).post, methods=["POST"]),
            Route("/plans", _Api(sink).plan, methods=["PUT"]),
        ]
    )


class _Api:
    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    async def send(self, request: Request) -> Response:
        answer = self._sink.answer(request.headers.get("authorization", ""), await request.body())
        if answer.silent:
            await asyncio.sleep(SILENT_SECONDS)
        return Response(answer.body, answer.status, answer.headers)

    async def plan(self, request: Request) -> Response:
        """Tell how coming requests are answered: `[{"status": 429}, {"status": null}]`."""
        self._sink.plans.clear()
        self._sink.plans.extend(Plan(**each) for each in await request.json())
        return Response(status_code=204)


class _Inbox:
    def __init__(self, sink: Sink) -> None:
        self._sink = sink

    async def show(self, request: Request) -> Response:
        wanted = request.query_params.get("q", "").casefold()
        found = self._found(wanted)
        page = _pages.get_template("inbox.html")
        shown, more = found[:NEWEST], len(found) - NEWEST
        return HTMLResponse(page.render(mails=shown, more=more, wanted=wanted, place=PLACE))

    async def listed(self, request: Request) -> Response:
        """The newest first; `?q=` looks in addresses and subjects, `?count` only counts."""
        found = self._found(request.query_params.get("q", "").casefold())
        if "count" in request.query_params:
            return JSONResponse({"mails": len(found), "people": len({each.to for each in found})})
        return JSONResponse([_told(mail) for mail in found[:1000]])

    async def empty(self, _request: Request) -> Response:
        self._sink.empty()
        return Response(status_code=204)

    async def mail(self, request: Request) -> Response:
        mail = self._sink.mail(request.path_params["id"])
        if mail is None:
            return Response("There is no such mail.", 404)
        page = _pages.get_template("mail.html")
        return HTMLResponse(page.render(mail=mail, place=PLACE, kinds=events.KINDS))

    async def html(self, request: Request) -> Response:
        mail = self._sink.mail(request.path_params["id"])
        headers = {"Content-Security-Policy": "script-src 'none'; frame-ancestors 'self'"}
        return HTMLResponse(mail.html if mail else "", headers=headers)

    def _found(self, wanted: str) -> list[Mail]:
        return [
            mail
            for mail in reversed(self._sink.mails)
            if wanted in f"{mail.to} {mail.subject}".casefold()
        ]


class _Events:
    def __init__(self, sink: Sink, api_url: str) -> None:
        self._sink = sink
        self._url = api_url + WEBHOOK

    async def post(self, request: Request) -> Response:
        """Tell the API of events: `["delivered", {"event": "open", "sg_machine_open": true}]`.

        From the page's form comes one by its name, and the page comes again.
        """
        mail = self._sink.mail(request.path_params["id"])
        if mail is None:
            return Response("There is no such mail.", 404)
        form = request.headers.get("content-type", "").startswith("application/x-www-form")
        wanted = [(await request.form())["event"]] if form else await request.json()
        body, headers = events.signed(_made(mail, wanted), events.now())
        async with httpx.AsyncClient(trust_env=False) as http:
            answer = await http.post(self._url, content=body, headers=headers)
        if form:
            return RedirectResponse(f"{PLACE}/mails/{mail.id}?told={answer.status_code}", 303)
        return Response(answer.content, answer.status_code)


def _made(mail: Mail, wanted: Iterable[Any]) -> Iterable[dict[str, Any]]:
    for each in wanted:
        more = {"event": each} if isinstance(each, str) else dict(each)
        yield events.event(mail, more.pop("event"), events.now(), **more)


def _told(mail: Mail) -> dict[str, Any]:
    return asdict(mail) | {"at": mail.at.isoformat()}
