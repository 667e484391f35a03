"""The HTTP endpoints of the service."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from importlib import metadata
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import numpy as np
from fastapi import FastAPI, File, Query, Request, Response, UploadFile
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse
from fastapi_offline import FastAPIOffline
from numpy.typing import NDArray
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.exceptions import HTTPException

from shared_format.cores import usable_cores

from ..detection.detector import Detections, Detector, source_detections
from ..detection.nms import best_detections
from ..detection.thresholds import EVALUATION_CONFIDENCE, MAX_DETECTIONS, SHOWN_CONFIDENCE
from ..examples.letterbox import Affine, letterboxed
from ..predict.people import one_box_per_person, people_labels
from .answers import BestClass, DetectorAnswer, Health, Refusal, best_class, detector_answer
from .batching import Batcher
from .limits import ServiceLimits
from .prometheus import Measured, ServiceMetrics
from .settings import ServeSettings
from .uploads import UploadRefused, decode_upload

STATIC, _PAGE = Path(__file__).parent / "static", "index.html"
# Any: FastAPI's own type of the descriptions of its answers.
_REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Refusal} for status in (400, 401, 408, 413, 415, 422, 429)
}
UploadedImage = Annotated[UploadFile, File(description="One image as JPEG, PNG, WebP, BMP or GIF")]
Confidence = Annotated[float, Query(ge=0, le=1, description="Lowest confidence of a detection")]


class _Input(NamedTuple):
    """A letterboxed upload: (size, size, 3) float32 pixels, the map from the image, and the image's size."""

    pixels: NDArray[np.float32]
    affine: Affine
    size: tuple[int, int]


class _Answer(NamedTuple):
    """The detections of an upload, and the (width, height) of the upright image."""

    detections: Detections
    size: tuple[int, int]


def make_app(detector: Detector, settings: ServeSettings) -> FastAPI:
    """Build the service of one detector, as an ASGI application."""
    service = _Service(detector, settings)
    # The scripts of its documentation pages come from this machine, not from another network.
    app = FastAPIOffline(title="WardSynth detector", version=metadata.version("wardsynth"), lifespan=service.lifespan)
    app.add_middleware(ServiceLimits, settings=settings)
    app.add_middleware(Measured, metrics=service.metrics)
    app.exception_handler(HTTPException)(_http_refusal)
    app.exception_handler(UploadRefused)(_upload_refusal)
    app.exception_handler(RequestValidationError)(_invalid)
    spec = detector.spec

    @app.post("/detector", response_model=DetectorAnswer, responses=_REFUSALS)
    async def detect(my_image: UploadedImage, conf: Confidence = SHOWN_CONFIDENCE) -> DetectorAnswer:
        """Detect objects in the image."""
        detections, size = await service.detect(my_image, conf, MAX_DETECTIONS)
        for label in detections.labels:
            service.metrics.detections.labels(spec.classes[label]).inc()
        return detector_answer(detections, size, spec)

    @app.post("/api", response_model=BestClass, responses=_REFUSALS)
    async def classify(my_image: UploadedImage) -> BestClass:
        """Return the class of the best detection."""
        detections, _ = await service.detect(my_image, EVALUATION_CONFIDENCE, 1)
        return best_class(detections, spec)

    @app.get("/health", response_model=Health)
    async def health() -> Health:
        """Report that the service runs, and its model."""
        return Health(status="ok", model=spec.model, size=spec.size, classes=list(spec.classes), version=app.version)

    @app.get("/metrics", response_class=Response)
    async def metrics() -> Response:
        """Return the metrics of the service for Prometheus."""
        return Response(generate_latest(service.metrics.registry), media_type=CONTENT_TYPE_LATEST)

    for path in sorted(STATIC.iterdir()):
        app.add_route("/" if path.name == _PAGE else f"/{path.name}", _file(path), include_in_schema=False)
    return app


def _file(path: Path) -> Callable[[Request], Awaitable[FileResponse]]:
    async def answer(_: Request) -> FileResponse:
        return FileResponse(path, headers={"cache-control": "no-cache"})  # so that a new version shows at once

    return answer


class _Service:
    """A detector, its queue of requests, and their metrics."""

    def __init__(self, detector: Detector, settings: ServeSettings) -> None:
        self._detector, self._settings = detector, settings
        self.metrics = ServiceMetrics(detector.batch)
        self._people = people_labels(detector.spec.classes)
        self._batcher = Batcher(detector, self.metrics.batch.observe)
        # Decoded images are large: no more of them at once than there are cores to decode them.
        self._decoders = ThreadPoolExecutor(usable_cores(), thread_name_prefix="images")
        self._pending = 0

    @asynccontextmanager
    async def lifespan(self, _: FastAPI) -> AsyncIterator[None]:
        """Run the workers while the service is up."""
        async with self._batcher:
            yield
        self._decoders.shutdown()

    async def detect(self, upload: UploadFile, confidence: float, limit: int) -> _Answer:
        """Detect objects in an upload. Raises UploadRefused."""
        if self._pending >= self._settings.queue:
            raise UploadRefused(429, f"{self._pending} uploads are being answered; try again in a second")
        self._pending += 1
        self.metrics.pending.set(self._pending)
        try:
            return await self._detect(upload, confidence, limit)
        finally:
            self._pending -= 1
            self.metrics.pending.set(self._pending)

    async def _detect(self, upload: UploadFile, confidence: float, limit: int) -> _Answer:
        loop = asyncio.get_running_loop()
        content = await upload.read()
        network_input = await loop.run_in_executor(self._decoders, self._prepare, content)
        boxes, scores = await self._batcher.predictions(network_input.pixels)

        def suppress() -> Detections:
            best = best_detections(boxes, scores, confidence, self._detector.nms, limit)
            detections = source_detections(*best, network_input.affine, network_input.size)
            return one_box_per_person(detections, self._people, self._detector.nms.iou)

        return _Answer(await loop.run_in_executor(self._decoders, suppress), network_input.size)

    def _prepare(self, content: bytes) -> _Input:
        image = decode_upload(content, self._settings.pixels)
        pixels, affine = letterboxed(image, self._detector.spec.size)
        return _Input(pixels, affine, image.size)


async def _http_refusal(_: Request, error: HTTPException) -> JSONResponse:
    return JSONResponse({"error": str(error.detail)}, error.status_code, error.headers)


async def _upload_refusal(_: Request, error: UploadRefused) -> JSONResponse:
    headers = {"retry-after": "1"} if error.status == 429 else None
    return JSONResponse({"error": error.reason}, error.status, headers)


async def _invalid(_: Request, error: RequestValidationError) -> JSONResponse:
    """Name the wrong fields in one line, without repeating the upload."""
    problems = [f"{one['loc'][-1]}: {one['msg']}" for one in error.errors()]
    hint = "; send the image in the field my_image of a multipart/form-data body"
    return JSONResponse({"error": "; ".join(problems) + hint}, 422)
