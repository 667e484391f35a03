"""`trainer serve`: the service on a socket."""

from __future__ import annotations

import importlib.util
import multiprocessing
import socket
import tempfile
import warnings
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Optional

from PIL import Image

from ..backend import load_quietly
from ..detection.detector import Detector
from ..detection.thresholds import Suppression
from ..errors import TrainerError
from ..extras import extra_module
from ..models.files import load_model, model_spec
from ..network.spec import DETECT, require_task
from ..progress import note
from ..runtimes import BATCH, exported_kind
from ..runtimes.exported import load_exported
from .settings import ServeRequest, ServeSettings

if TYPE_CHECKING:
    from ..export import ExportResult

_SECONDS_TO_FINISH = 5


def serve(model: str, request: ServeRequest, listening: Callable[[str], None]) -> None:
    """Serve MODEL until the process is asked to end.

    Args:
        listening: called with the address once requests are answered; it ends in #token=TOKEN if there is a token.

    Raises:
        TrainerError: a library is missing, the model cannot be used, or the address is not available.
    """
    uvicorn = extra_module("uvicorn", "serve", "trainer serve")
    for name in ("fastapi", "fastapi_offline", "multipart", "prometheus_client"):
        extra_module(name, "serve", "trainer serve")
    from .app import make_app

    settings = request.with_token()
    with _bound(request.host, request.port) as bound:
        detector = _detector(model, request.runtime, request.nms)
        # The first pass of each batch size is slow, and allocates memory that stays.
        for count in range(detector.batch, 0, -1):
            detector.detect_batch([_grey(detector.spec.size)] * count)
        # Pillow warns of damaged images from several threads at once; the service refuses them with a reason.
        warnings.simplefilter("ignore")
        config = uvicorn.Config(
            make_app(detector, settings),
            log_level="error",
            access_log=False,
            server_header=False,
            ssl_certfile=request.certificate,
            ssl_keyfile=request.key,
            timeout_graceful_shutdown=_SECONDS_TO_FINISH,
        )
        address = _address(bound, request, settings)
        _announcing_server(lambda: listening(address))(config).run(sockets=[bound])


def _announcing_server(ready: Callable[[], None]) -> type:
    """A uvicorn server that calls ``ready`` once it answers requests."""
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: Optional[list[socket.socket]] = None) -> None:
            await super().startup(sockets)
            if self.started:
                ready()

    return Server


def _bound(host: str, port: int) -> socket.socket:
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family)
    except OSError as error:
        raise TrainerError(f"--host {host} --port {port}: cannot listen there: {error.strerror or error}") from error


def _address(bound: socket.socket, request: ServeRequest, settings: ServeSettings) -> str:
    scheme = "https" if request.certificate is not None else "http"
    host = f"[{request.host}]" if ":" in request.host else request.host
    token = f"#token={settings.token}" if settings.token else ""
    return f"{scheme}://{host}:{bound.getsockname()[1]}/{token}"


def _detector(model: str, runtime: str, nms: Suppression) -> Detector:
    require_task(model_spec(model), DETECT, model, "trainer serve")
    if runtime == "keras" or exported_kind(model) is not None:
        return Detector(*load_model(model), nms=nms)
    missing = [name for name in ("onnxruntime", "onnx", "tf2onnx") if importlib.util.find_spec(name) is None]
    if missing and runtime == "onnx":
        raise TrainerError(f"--runtime onnx needs {', '.join(missing)}: pip install 'wardsynth[export]'")
    if missing:
        return Detector(*load_model(model), nms=nms)
    note(f"{model}: converting to ONNX, which answers in half the time of Keras")
    with tempfile.TemporaryDirectory() as folder:
        converted = load_exported(_converted(model, Path(folder)), BATCH)
    return Detector(converted, converted.exported.spec, nms=nms)


def _converted(model: str, folder: Path) -> Path:
    """Convert MODEL to an ONNX file in another process, so that this one needs neither Keras nor its memory."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as process:
        result = process.submit(_export, model, folder).result()
    if not result["within"]:
        raise TrainerError(
            f"{model}: its ONNX file differs from Keras by {result['largest_difference']}; "
            "serve it with --runtime keras"
        )
    return Path(result["file"])


def _export(model: str, folder: Path) -> ExportResult:
    load_quietly()
    from ..export import ExportRequest, export_model

    return export_model(model, ExportRequest("onnx", folder))


def _grey(size: int) -> Image.Image:
    return Image.new("RGB", (size, size), (128, 128, 128))
