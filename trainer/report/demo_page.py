"""The page of the demonstration, from the files that the demo's steps wrote into the folder DEMO.

Reads ``DEMO/dataset`` (WardSynth), ``DEMO/run`` and ``DEMO/eval``; writes ``DEMO/contact_sheet.jpg`` with every
labelled image, and ``DEMO/index.html``.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from shared_format import atomic, dataset
from shared_format.record import Frame, Instance

from ..annotate import COLOURS, Colour, caption, draw_box, draw_keypoints, sheet
from ..errors import TrainerError
from ..examples.images import load_image
from ..page import data_uri, jpeg, write_page
from .evaluation_report import PREDICTIONS_NOTE, score_rows
from .frame import METRICS, PREDICTIONS, read_metrics, training_curve


def build_page(demo: Path) -> dict[str, object]:
    """Write the contact sheet and the page; returns the metrics.

    Raises:
        TrainerError: a part is missing.
    """
    metrics = read_metrics(demo / "eval")
    if metrics is None:
        raise TrainerError(f"{demo / 'eval' / METRICS}: no such file; run `trainer eval ... --out {demo / 'eval'}`")
    frames = list(dataset.read_frames(demo / "dataset"))
    if not frames:
        raise TrainerError(f"{demo / 'dataset'}: the dataset has no records")
    contact = jpeg(contact_sheet(demo / "dataset", frames))
    atomic.write_bytes(demo / "contact_sheet.jpg", contact)
    write_page(
        demo / "index.html",
        "demo.html",
        title=f"WardSynth: {len(frames)} images, trained and scored",
        metrics=metrics,
        score_rows=score_rows(metrics),
        predictions=data_uri((demo / "eval" / PREDICTIONS).read_bytes()),
        predictions_note=f"The model was not trained on these images. {PREDICTIONS_NOTE}",
        training_curve=training_curve(demo / "run"),
        contact_sheet=data_uri(contact),
    )
    return metrics


def contact_sheet(folder: Path, frames: Sequence[Frame]) -> Image.Image:
    """All images of the dataset with the people's boxes and skeletons."""
    return sheet([labelled_image(folder, frame) for frame in frames], columns=min(8, len(frames)), tile=300)


def labelled_image(folder: Path, frame: Frame) -> Image.Image:
    """One image with the boxes and skeletons of its record."""
    image = load_image(folder / frame.file)
    people = [instance for instance in frame.instances if instance.category == "person"]
    for instance in people:
        _draw_person(image, instance, COLOURS[(instance.id - 1) % len(COLOURS)])
    return caption(image, f"{frame.index:06d}")


def _draw_person(image: Image.Image, instance: Instance, colour: Colour) -> None:
    box = instance.bbox_covered or instance.bbox_visible
    if instance.keypoints is not None:
        draw_keypoints(image, instance.keypoints, colour)
    if box is not None:
        draw_box(image, box, colour, instance.attributes.get("posture", "").replace("_", " "))
