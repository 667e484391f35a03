"""The doors of the service."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from importlib import metadata
from pathlib import Path
from typing import Annotated

from fastapi import FastAPI, File, Query, Request, Response, UploadFile
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse
from fastapi_offline import FastAPIOffline
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.exceptions import HTTPException

from ..detection.detector import Detections, Detector, source_detections
from ..detection.nms import best_detections
from ..detection.thresholds import EVALUATION_CONFIDENCE, MAX_DETECTIONS, SHOWN_CONFIDENCE
from ..examples.letterbox import letterboxed
from .answers import Best, Detected, Health, Refusal, best, detected
from .batching import Batcher
from .limits import ServiceLimits
from .prometheus import Measured, Metrics
from .settings import ServeSettings
from .uploads import UploadRefused, decode_upload

STATIC, _PAGE = Path(__file__).parent / "static", "index.html"
_REFUSALS = {status: {"model": Refusal} for status in (400, 401, 408, 413, 415, 422, 429)}
RenderedImage = Annotated[UploadFile, File(description="JPEG, PNG, WebP, BMP or GIF of one image")]
Confidence = Annotated[float, Query(ge=0, le=1, description="Lowest score of a detection")]


def make_app(detector: Detector, settings: ServeSettings) -> FastAPI:
    """The service of one detector, as an ASGI application."""
    service = _Service(detector, settings)
    # Its documentation pages come from this machine, not from a network of others.
    app = FastAPIOffline(title="WardSynth detector", version=metadata.version("wardsynth"), lifespan=service.lifespan)
    app.add_middleware(ServiceLimits, settings=settings)
    app.add_middleware(Measured, metrics=service.metrics)
    app.exception_handler(HTTPException)(_http_refusal)
    app.exception_handler(UploadRefused)(_upload_refusal)
    app.exception_handler(RequestValidationError)(_invalid)
    spec = detector.spec

    @app.post("/detector", response_model=Detected, responses=_REFUSALS)
    async def detector_door(my_image: RenderedImage, conf: Confidence = SHOWN_CONFIDENCE) -> Detected:
        """What is in the image, with boxes."""
        found, size = await service.look(my_image, conf, MAX_DETECTIONS)
        for label in found.labels:
            service.metrics.found.labels(spec.classes[label]).inc()
        return detected(found, size, spec)

    @app.post("/api", response_model=Best, responses=_REFUSALS)
    async def best_door(my_image: RenderedImage) -> Best:
        """The class of the best detection."""
        found, _ = await service.look(my_image, EVALUATION_CONFIDENCE, 1)
        return best(found, spec)

    @app.get("/health", response_model=Health)
    async def health() -> Health:
        """That the service runs."""
        return Health(status="ok", model=spec.model, size=spec.size, classes=list(spec.classes), version=app.version)

    @app.get("/metrics", response_class=Response)
    async def metrics() -> Response:
        """For Prometheus."""
        return Response(generate_latest(service.metrics.registry), media_type=CONTENT_TYPE_LATEST)

    for path in sorted(STATIC.iterdir()):
        app.add_route("/" if path.name == _PAGE else f"/{path.name}", _file(path), include_in_schema=False)
    return app


def _file(path: Path) -> Callable[[Request], Awaitable[FileResponse]]:
    async def answer(_: Request) -> FileResponse:
        return FileResponse(path, headers={"cache-control": "no-cache"})  # asked for again, so a new version shows

    return answer


class _Service:
    """A detector, those who wait for it, and the numbers about them."""

    def __init__(self, detector: Detector, settings: ServeSettings) -> None:
        self._detector, self._settings = detector, settings
        self.metrics = Metrics(detector.batch)
        self._batcher = Batcher(detector, settings.nms, self.metrics.batch.observe)
        # Decoded images are large: only as many at once as can be decoded at once.
        self._hands = ThreadPoolExecutor(os.cpu_count(), thread_name_prefix="pictures")
        self._under_way = 0

    @asynccontextmanager
    async def lifespan(self, _: FastAPI) -> AsyncIterator[None]:
        """While the service is up."""
        async with self._batcher:
            yield
        self._hands.shutdown()

    async def look(self, upload: UploadFile, confidence: float, limit: int) -> tuple:
        """(Detections, (width, height) of the upright image). Raises UploadRefused."""
        if self._under_way >= self._settings.queue:
            raise UploadRefused(429, f"{self._under_way} uploads are under way; try again in a second")
        self._under_way += 1
        self.metrics.under_way.set(self._under_way)
        try:
            return await self._look(upload, confidence, limit)
        finally:
            self._under_way -= 1
            self.metrics.under_way.set(self._under_way)

    async def _look(self, upload: UploadFile, confidence: float, limit: int) -> tuple:
        loop = asyncio.get_running_loop()
        content = await upload.read()
        pixels, affine, size = await loop.run_in_executor(self._hands, self._prepare, content)
        boxes, scores = await self._batcher.predictions(pixels)

        def choose() -> Detections:
            found = best_detections(boxes, scores, confidence, self._settings.nms, limit)
            return source_detections(*found, affine, size)

        return await loop.run_in_executor(self._hands, choose), size

    def _prepare(self, content: bytes) -> tuple:
        image = decode_upload(content, self._settings.pixels)
        return *letterboxed(image, self._detector.spec.size), image.size


async def _http_refusal(_: Request, error: HTTPException) -> JSONResponse:
    return JSONResponse({"error": str(error.detail)}, error.status_code, error.headers)


async def _upload_refusal(_: Request, error: UploadRefused) -> JSONResponse:
    headers = {"retry-after": "1"} if error.status == 429 else None
    return JSONResponse({"error": error.reason}, error.status, headers)


async def _invalid(_: Request, error: RequestValidationError) -> JSONResponse:
    """One line of what is wrong, without what was sent."""
    said = [f"{one['loc'][-1]}: {one['msg']}" for one in error.errors()]
    hint = "; the image goes into the field my_image of a multipart/form-data body"
    return JSONResponse({"error": "; ".join(said) + hint}, 422)
