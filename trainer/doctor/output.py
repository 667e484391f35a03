"""The doctor's output: the text for people, the card and the sheet of labels."""

from __future__ import annotations

import os
from pathlib import Path

from PIL import Image

from shared_format import atomic

from ..disk_errors import writing
from ..errors import TrainerError
from ..page import jpeg
from .examine import Examination
from .findings import EXAMPLES
from .label_sheet import label_sheet

SHEET = "labels.jpg"


def text(seen: Examination, strict: bool) -> str:
    """The findings, one block each, and a last line that says whether the data is clean."""
    report = seen.to_json(strict)
    classes = ", ".join(f"{name} {count}" for name, count in report["classes"].items())
    lines = [f"{seen.data}: {report['kind']}, {report['pictures']} images, {report['boxes']} boxes ({classes})"]
    for finding in report["findings"]:
        lines.append(f"{finding['severity']:<8}{finding['id']}  {finding['count']}  {finding['meaning']}")
        lines += [f"          {example}" for example in finding["examples"]]
        if finding["count"] > EXAMPLES:
            lines.append(f"          ... and {finding['count'] - EXAMPLES} more")
    lines.append(
        f"{report['errors']} errors, {report['warnings']} warnings: {'clean' if report['ok'] else 'not clean'}"
    )
    return "\n".join(lines)


def write_sheet(out: Path, seen: Examination, count: int) -> Path:
    """Write ``labels.jpg`` with ``count`` labelled images into the folder ``out``; returns it.

    Raises:
        TrainerError: the folder cannot be written, or is one of the data's own.
    """
    return write_image(out, SHEET, label_sheet(seen.labels, count), seen)


def write_image(out: Path, name: str, sheet: Image.Image, seen: Examination) -> Path:
    """Write ``sheet`` as JPEG into the folder ``out``. Raises TrainerError as ``write_sheet``."""
    if Path(os.path.realpath(out)) in seen.folders:
        raise TrainerError(
            f"{out}: holds the images of the data, which the doctor does not change; choose another --out"
        )
    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
        atomic.write_bytes(out / name, jpeg(sheet))
    return out / name
