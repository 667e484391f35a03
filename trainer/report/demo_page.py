"""The page of the demonstration, from what the demo's steps left in the folder DEMO.

Reads ``DEMO/dataset`` (WardSynth), ``DEMO/run`` and ``DEMO/eval``; writes ``DEMO/contact_sheet.jpg`` with every
labelled image and ``DEMO/index.html``.
"""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from shared_format import atomic, dataset
from shared_format.record import Frame, Instance

from ..annotate import COLOURS, caption, draw_box, draw_keypoints, sheet
from ..detection.thresholds import SHOWN_CONFIDENCE
from ..errors import TrainerError
from ..examples.images import load_image
from ..page import image_section, jpeg, write_page
from .report import METRICS, PREDICTIONS, curve_section, read_metrics, score_section


def build_page(demo: Path) -> dict:
    """Write the contact sheet and the page; returns the metrics. Raises FormatError for a missing part."""
    metrics = read_metrics(demo / "eval")
    if metrics is None:
        raise TrainerError(f"{demo / 'eval' / METRICS}: no such file; run `trainer eval ... --out {demo / 'eval'}`")
    frames = list(dataset.read_frames(demo / "dataset"))
    if not frames:
        raise TrainerError(f"{demo / 'dataset'}: a dataset without records")
    contact = jpeg(contact_sheet(demo / "dataset", frames))
    atomic.write_bytes(demo / "contact_sheet.jpg", contact)
    predictions = (demo / "eval" / PREDICTIONS).read_bytes()
    sections = [
        score_section(metrics),
        image_section(
            "Predictions beside truth",
            predictions,
            f"Images that were not trained on. Predictions above {SHOWN_CONFIDENCE:g}.",
        ),
        curve_section(demo / "run"),
        image_section(
            "Every labelled image",
            contact,
            "Rendered, none of these people exist. Filled joints are visible, hollow ones hidden.",
        ),
    ]
    write_page(demo / "index.html", f"WardSynth: {len(frames)} images, trained and scored", sections)
    return metrics


def contact_sheet(folder: Path, frames: list) -> Image.Image:
    """All images of the dataset with the people's boxes and skeletons."""
    return sheet([labelled_image(folder, frame) for frame in frames], columns=min(8, len(frames)), tile=300)


def labelled_image(folder: Path, frame: Frame) -> Image.Image:
    """One image with what its record says of the people."""
    image = load_image(folder / frame.file)
    people = [instance for instance in frame.instances if instance.category == "person"]
    for instance in people:
        _draw_person(image, instance, COLOURS[(instance.id - 1) % len(COLOURS)])
    return caption(image, f"{frame.index:06d}")


def _draw_person(image: Image.Image, instance: Instance, colour: tuple) -> None:
    box = instance.bbox_covered or instance.bbox_visible
    if instance.keypoints is not None:
        draw_keypoints(image, instance.keypoints, colour)
    if box is not None:
        draw_box(image, box, colour, instance.attributes.get("posture", "").replace("_", " "))
