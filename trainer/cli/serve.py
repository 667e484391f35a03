"""`trainer serve`."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import click

from ..serve.settings import MEGA, RUNTIMES, ServeRequest, Settings
from .options import FILE, OK, example, nms_option


@click.command(epilog=example("trainer serve run --port 8000"))
@click.argument("model")
@click.option("--host", default=ServeRequest.host, show_default=True, help="Where to listen; 0.0.0.0 is everywhere.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=ServeRequest.port, show_default=True, help="0: any free one."
)
@click.option(
    "--token",
    envvar="WARDSYNTH_TOKEN",
    help="What callers must show; 'none': nothing.  [default: made up where others than this machine can call]",
)
@click.option("--certificate", type=FILE, metavar="FILE.pem", help="For HTTPS, without which no other camera works.")
@click.option("--key", type=FILE, metavar="FILE.pem", help="The key of the certificate.")
@nms_option
@click.option(
    "--max-megabytes", type=click.FloatRange(0, min_open=True), default=Settings.body_bytes / MEGA, show_default=True
)
@click.option(
    "--max-megapixels", type=click.FloatRange(0, min_open=True), default=Settings.pixels / MEGA, show_default=True
)
@click.option(
    "--queue", type=click.IntRange(1), default=Settings.queue, show_default=True, help="Uploads under way at once."
)
@click.option("--runtime", type=click.Choice(RUNTIMES), default=ServeRequest.runtime, show_default=True)
def serve(
    model: str,
    host: str,
    port: int,
    token: Optional[str],
    certificate: Optional[Path],
    key: Optional[Path],
    nms: float,
    max_megabytes: float,
    max_megapixels: float,
    queue: int,
    runtime: str,
) -> int:
    """Answer images over HTTP, and serve a web page for people and telephones.

    POST /detector and /api take an image in the field my_image; /docs describes them. The address is printed once
    requests are answered; Ctrl-C ends it.
    """
    from ..serve.server import serve

    settings = Settings(nms, round(max_megabytes * MEGA), round(max_megapixels * MEGA), queue)
    request = ServeRequest(
        host=host, port=port, token=token, certificate=certificate, key=key, runtime=runtime, settings=settings
    )
    serve(model, request, lambda address: print(address, flush=True))
    return OK


COMMANDS = (serve,)
