"""Self-contained HTML pages, which open from a disk without a network, from the templates of ``trainer/templates``.

The templates are Jinja2's; their values are escaped.
"""

from __future__ import annotations

import base64
import io
from functools import lru_cache
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from PIL import Image

from shared_format import atomic


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("trainer"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )


def write_page(path: Path, template: str, **values: object) -> Path:  # a template accepts values of any type
    """Write ``template``, a file of ``trainer/templates``, with ``values`` to ``path``; returns ``path``."""
    atomic.write_bytes(path, _environment().get_template(template).render(values).encode())
    return path


def data_uri(content: bytes) -> str:
    """A PNG, JPEG or SVG as the ``src`` of an image, which holds the file itself."""
    starts = ((b"\x89PNG", "image/png"), (b"\xff\xd8", "image/jpeg"))
    kind = next((kind for start, kind in starts if content.startswith(start)), "image/svg+xml")
    return f"data:{kind};base64,{base64.b64encode(content).decode()}"


def jpeg(image: Image.Image, quality: int = 88) -> bytes:
    """The image as JPEG bytes."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()
