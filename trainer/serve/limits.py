"""Requests refused before their body is parsed: bodies too large or too slow, callers without the token."""

from __future__ import annotations

import asyncio
import hmac
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from .settings import MEGA, ServeSettings

Message = MutableMapping[str, Any]  # Any: ASGI's own type
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

# The endpoints that need the token; the page and /health hold nothing to protect.
GUARDED = ("/detector", "/api", "/metrics")
# This much of a body that is too large is received and discarded: most programs read the answer only afterwards.
_DRAINED_BYTES = 300 * MEGA
_SECURITY_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"permissions-policy", b"camera=(self)"),
)


class ServiceLimits:
    """ASGI middleware: applies the limits of ``ServeSettings`` to every request, and adds headers to every answer."""

    def __init__(self, app: App, settings: ServeSettings) -> None:
        self._app, self._settings = app, settings

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Handle one request, as ASGI calls it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], *_SECURITY_HEADERS]
            await send(message)

        body = _Body(receive, self._settings)
        headers = Headers(scope=scope)
        if not self._admitted(scope["path"], headers):
            await body.drain()
            answer = JSONResponse({"error": "missing or wrong token; send the header Authorization: Bearer TOKEN"}, 401)
            answer.headers["www-authenticate"] = "Bearer"
            await answer(scope, receive, send_with_headers)
            return
        await self._app(scope, body.receive, send_with_headers)

    def _admitted(self, path: str, headers: Headers) -> bool:
        if self._settings.token is None or not path.startswith(GUARDED):
            return True
        expected = f"Bearer {self._settings.token}".encode()
        return hmac.compare_digest(headers.get("authorization", "").encode(), expected)


class _Body:
    """The body of a request while it arrives, counted and timed."""

    def __init__(self, receive: Receive, settings: ServeSettings) -> None:
        self._receive, self._settings = receive, settings
        self._bytes, self._done = 0, False
        self._until = time.monotonic() + settings.seconds

    async def receive(self) -> Message:
        """Receive the next part, as ASGI calls it. Raises HTTPException 413 or 408."""
        if self._done:
            return await self._receive()  # waits until the caller disconnects, without a limit
        try:
            message = await asyncio.wait_for(self._receive(), self._until - time.monotonic())
        except asyncio.TimeoutError as error:
            raise HTTPException(408, f"the upload did not arrive within {self._settings.seconds:g} seconds") from error
        self._bytes += len(message.get("body", b""))
        self._done = not message.get("more_body", False)
        if self._bytes > self._settings.body_bytes:
            await self.drain()
            raise HTTPException(413, f"the upload is larger than {self._settings.body_bytes} bytes")
        return message

    async def drain(self) -> None:
        """Receive the rest in time, and discard it."""
        while not self._done and self._bytes < _DRAINED_BYTES:
            try:
                message = await asyncio.wait_for(self._receive(), self._until - time.monotonic())
            except asyncio.TimeoutError:
                return
            self._bytes += len(message.get("body", b""))
            self._done = not message.get("more_body", False)
