"""`trainer serve`."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import click

from ..detection.thresholds import Suppression
from ..serve.settings import MEGA, RUNTIMES, ServeRequest, ServeSettings
from .options import FILE, OK, FiniteRange, example, nms_options


@click.command(epilog=example("trainer serve run --port 8000"))
@click.argument("model")
@click.option(
    "--host",
    default=ServeRequest.host,
    show_default=True,
    help="Address to listen on; 0.0.0.0 accepts connections from other machines.",
)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=ServeRequest.port,
    show_default=True,
    help="Port to listen on (0: any free port).",
)
@click.option(
    "--token",
    envvar="WARDSYNTH_TOKEN",
    help="Token that callers must send; 'none' asks for no token.  "
    "[default: none on 127.0.0.1, a random one if other machines can call]",
)
@click.option(
    "--certificate",
    type=FILE,
    metavar="FILE.pem",
    help="Serve HTTPS with this certificate; browsers on other machines need it for their cameras.",
)
@click.option("--key", type=FILE, metavar="FILE.pem", help="Private key of the certificate.")
@nms_options
@click.option(
    "--max-megabytes",
    type=FiniteRange(0, min_open=True),
    default=ServeSettings.body_bytes / MEGA,
    show_default=True,
    help="Refuse larger uploads.",
)
@click.option(
    "--max-megapixels",
    type=FiniteRange(0, min_open=True),
    default=ServeSettings.pixels / MEGA,
    show_default=True,
    help="Refuse images with more pixels.",
)
@click.option(
    "--queue",
    type=click.IntRange(1),
    default=ServeSettings.queue,
    show_default=True,
    help="Refuse uploads while this many are being answered.",
)
@click.option(
    "--runtime",
    type=click.Choice(RUNTIMES),
    default=ServeRequest.runtime,
    show_default=True,
    help="Runtime of a Keras model: auto converts it to ONNX if the libraries for that are installed.",
)
def serve(
    model: str,
    host: str,
    port: int,
    token: Optional[str],
    certificate: Optional[Path],
    key: Optional[Path],
    nms: Suppression,
    max_megabytes: float,
    max_megapixels: float,
    queue: int,
    runtime: str,
) -> int:
    """Detect objects in images sent over HTTP, and serve a web page for people and telephones.

    POST /detector and POST /api take an image in the form field my_image; /docs describes them. The address is
    printed as soon as requests are answered; Ctrl-C ends the service.
    """
    from ..serve.server import serve

    settings = ServeSettings(round(max_megabytes * MEGA), round(max_megapixels * MEGA), queue)
    request = ServeRequest(
        host=host, port=port, token=token, certificate=certificate, key=key, runtime=runtime, nms=nms, settings=settings
    )
    serve(model, request, lambda address: print(address, flush=True))
    return OK


COMMANDS = (serve,)
