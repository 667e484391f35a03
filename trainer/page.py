"""One self-contained HTML page: opens from a disk without a network."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from shared_format import atomic

_STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 1100px; margin: 2em auto; padding: 0 1em; color: #222 }
h1 { font-size: 1.5em } h2 { font-size: 1.15em; margin-top: 2em }
table { border-collapse: collapse }
td, th { padding: .25em 1em .25em 0; text-align: left; border-bottom: 1px solid #ddd }
td { font-variant-numeric: tabular-nums } img { max-width: 100%; height: auto } .note { color: #666 }
"""


def write_page(path: Path, title: str, sections: Sequence[str], style: str = "", script: str = "") -> Path:
    """Write a page of sections (HTML); empty ones are left out.

    Args:
        style: CSS beside that of every page. script: JavaScript that runs when the page is there.
    """
    body = "\n".join(section for section in sections if section)
    page = (
        f'<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f"<style>{_STYLE}{style}</style></head>\n<body><h1>{html.escape(title)}</h1>\n{body}\n"
        f"{f'<script>{script}</script>' if script else ''}</body></html>\n"
    )
    atomic.write_bytes(path, page.encode())
    return path


def image_section(title: str, content: bytes, note: str = "") -> str:
    """A PNG or JPEG with a heading, inside the page."""
    kind = "png" if content.startswith(b"\x89PNG") else "jpeg"
    data = base64.b64encode(content).decode()
    text = f"<p class=note>{html.escape(note)}</p>" if note else ""
    heading = html.escape(title)
    return f'<h2>{heading}</h2>{text}<img alt="{heading}" src="data:image/{kind};base64,{data}">'


def jpeg(image: Image.Image, quality: int = 88) -> bytes:
    """The image as JPEG bytes."""
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()
