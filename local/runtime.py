"""The Lambda Runtime API, as `awslambdaric` calls it, and Lambda's own Invoke call."""

import asyncio
import secrets
import time
from collections.abc import Iterable, Mapping

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from local.functions import Answer, Function, Worker

LARGEST_PAYLOAD = 6 * 1024 * 1024
ACCEPTED = JSONResponse({"status": "OK"}, status_code=202)


def runtime_api(workers: Iterable[Worker]) -> Starlette:
    """Serves all workers; each calls at an address of its own, by which it is known."""
    at = {worker.address: worker for worker in workers}

    def caller(request: Request) -> Worker:
        host, port = request.scope["server"]
        return at[f"{host}:{port}"]

    async def next_invocation(request: Request) -> Response:
        worker = caller(request)
        try:
            invocation = await worker.next()
        except asyncio.CancelledError:
            return Response(status_code=410)
        return Response(invocation.payload, headers=_headers(worker, invocation.id))

    async def response(request: Request) -> Response:
        worker, body = caller(request), await request.body()
        if len(body) > LARGEST_PAYLOAD:
            message = f"Response payload size ({len(body)} bytes) exceeded maximum allowed"
            worker.end(Answer.error("Function.ResponseSizeTooLarge", message))
            return JSONResponse({"errorMessage": message}, status_code=413)
        return _end(worker, request, Answer(body))

    async def error(request: Request) -> Response:
        return _end(caller(request), request, Answer(await request.body(), failed=True))

    async def init_error(request: Request) -> Response:
        caller(request).function.report_init_error(await request.body())
        return ACCEPTED

    invocation = "/2018-06-01/runtime/invocation"
    return Starlette(
        routes=[
            Route(f"{invocation}/next", next_invocation),
            Route(f"{invocation}/{{id}}/response", response, methods=["POST"]),
            Route(f"{invocation}/{{id}}/error", error, methods=["POST"]),
            Route("/2018-06-01/runtime/init/error", init_error, methods=["POST"]),
        ]
    )


def _end(worker: Worker, request: Request, answer: Answer) -> Response:
    """Take an answer, unless it comes too late and its invocation is over."""
    if worker.invocation is None or worker.invocation.id != request.path_params["id"]:
        return JSONResponse({"errorType": "InvalidRequestID"}, status_code=400)
    worker.end(answer)
    return ACCEPTED


def _headers(worker: Worker, request_id: str) -> dict[str, str]:
    trace = f"1-{int(time.time()):08x}-{secrets.token_hex(12)}"
    return {
        "Content-Type": "application/json",
        "Lambda-Runtime-Aws-Request-Id": request_id,
        "Lambda-Runtime-Deadline-Ms": str(int(worker.deadline * 1000)),
        "Lambda-Runtime-Invoked-Function-Arn": worker.function.settings.arn,
        "Lambda-Runtime-Trace-Id": f"Root={trace};Parent={secrets.token_hex(8)};Sampled=0",
    }


def invoke_routes(functions: Mapping[str, Function]) -> list[Route]:
    """`aws lambda invoke`, for functions by logical id or by name."""
    known = dict(functions) | {function.settings.name: function for function in functions.values()}
    unattended: set[asyncio.Task[Answer]] = set()

    async def invoke(request: Request) -> Response:
        name = request.path_params["name"].rsplit(":", 1)[-1]
        if name not in known:
            kind = {"x-amzn-errortype": "ResourceNotFoundException"}
            return JSONResponse({"Message": f"Function not found: {name}"}, 404, headers=kind)
        payload = await request.body() or b"{}"
        if request.headers.get("x-amz-invocation-type") == "Event":
            task = asyncio.create_task(known[name].invoke(payload))
            unattended.add(task)
            task.add_done_callback(unattended.discard)
            return Response(status_code=202)
        answer = await known[name].invoke(payload)
        headers = {"X-Amz-Executed-Version": "$LATEST"}
        if answer.failed:
            headers["X-Amz-Function-Error"] = "Unhandled"
        return Response(answer.payload, media_type="application/json", headers=headers)

    return [Route("/2015-03-31/functions/{name}/invocations", invoke, methods=["POST"])]
