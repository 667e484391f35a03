"""The metrics of the service, for Prometheus."""

from __future__ import annotations

import time

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, PlatformCollector, ProcessCollector

from .limits import App, Message, Receive, Send

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)


class ServiceMetrics:
    """The metrics of one service, in their own registry."""

    def __init__(self, batch: int) -> None:
        self.registry = CollectorRegistry()
        PlatformCollector(registry=self.registry)
        ProcessCollector(registry=self.registry)
        self.answers = Counter(
            "wardsynth_answers", "Answers by endpoint and status", ["door", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "wardsynth_seconds", "Seconds until the answer", ["door"], buckets=_SECONDS, registry=self.registry
        )
        self.pending = Gauge("wardsynth_under_way", "Uploads that are being answered", registry=self.registry)
        self.batch = Histogram(
            "wardsynth_batch", "Images per forward pass", buckets=range(1, batch + 1), registry=self.registry
        )
        self.detections = Counter("wardsynth_detections", "Detections by class", ["category"], registry=self.registry)


class Measured:
    """ASGI middleware that counts and times the answers."""

    def __init__(self, app: App, metrics: ServiceMetrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Handle one request, as ASGI calls it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = time.monotonic()

        async def counted(message: Message) -> None:
            if message["type"] == "http.response.start":
                # Only existing endpoints: paths that callers make up must not add rows to the table.
                endpoint = getattr(scope.get("route"), "path", None) or "page"
                self._metrics.answers.labels(endpoint, message["status"]).inc()
                self._metrics.seconds.labels(endpoint).observe(time.monotonic() - began)
            await send(message)

        await self._app(scope, receive, counted)
