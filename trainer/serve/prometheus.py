"""What /metrics says, in Prometheus's text."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, PlatformCollector, ProcessCollector

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The numbers of one service, in a registry of its own."""

    def __init__(self, batch: int) -> None:
        self.registry = CollectorRegistry()
        PlatformCollector(registry=self.registry)
        ProcessCollector(registry=self.registry)
        self.answers = Counter(
            "wardsynth_answers", "Answers by door and status", ["door", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "wardsynth_seconds", "Seconds to an answer", ["door"], buckets=_SECONDS, registry=self.registry
        )
        self.under_way = Gauge("wardsynth_under_way", "Uploads under way", registry=self.registry)
        self.batch = Histogram(
            "wardsynth_batch", "Images a forward pass", buckets=range(1, batch + 1), registry=self.registry
        )
        self.found = Counter("wardsynth_detections", "Detections by class", ["category"], registry=self.registry)


class Measured:
    """ASGI middleware that counts and times the answers."""

    def __init__(self, app: Callable, metrics: Metrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: MutableMapping[str, Any], receive: Callable, send: Callable) -> None:
        """As ASGI says."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.monotonic()

        async def counted(message: MutableMapping[str, Any]) -> Awaitable[None]:
            if message["type"] == "http.response.start":
                # The doors that there are; what callers make up must not make the table grow.
                door = getattr(scope.get("route"), "path", None) or "page"
                self._metrics.answers.labels(door, message["status"]).inc()
                self._metrics.seconds.labels(door).observe(time.monotonic() - began)
            await send(message)

        await self._app(scope, receive, counted)
