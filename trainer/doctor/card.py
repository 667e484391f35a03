"""The dataset card: one page about a dataset's content, its labels and its licences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from ..disk_errors import writing
from ..metrics.attributes import MOST_VALUES
from ..page import data_uri, jpeg, write_page
from . import plots
from .attribute_fractions import attribute_fractions
from .examine import Examination
from .label_sheet import LEGEND, label_sheet
from .statistics import Statistics

SAMPLES = 9


def write_card(path: Path, seen: Examination) -> Path:
    """Write the card of an examined dataset to ``path``; returns it. Raises TrainerError: it cannot be written."""
    info, statistics = seen.labels.info, seen.statistics
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        return write_page(
            path,
            "dataset_card.html",
            title=f"Dataset card: {info.name}",
            summary=_summary(seen),
            findings=_findings(seen),
            images=_images(seen),
            attributes={
                "Attributes of images": _attribute_rows(statistics.image_attributes),
                "Attributes of people": _attribute_rows(_of_all_people(statistics)),
            },
            licences=[[one.get(key, "") for key in ("asset", "licence", "source")] for one in info.licences],
        )


class _CardImage(NamedTuple):
    title: str
    uri: str
    note: str = ""


def _images(seen: Examination) -> list[_CardImage]:
    statistics = seen.statistics
    images = [_CardImage("Sample images", data_uri(jpeg(label_sheet(seen.labels, SAMPLES))), LEGEND)]
    if statistics.boxes:
        images.append(_CardImage("Boxes", data_uri(plots.size_and_aspect(statistics, seen.size))))
        images.append(_CardImage("Position", data_uri(plots.position(statistics))))
    if any(statistics.fractions.values()):
        images.append(_CardImage("Occlusion", data_uri(plots.occlusion(statistics))))
    if statistics.keypoints.any():
        images.append(_CardImage("Key points", data_uri(plots.keypoint_rates(statistics))))
    compared = attribute_fractions(seen.labels.info.config, statistics)
    if compared:
        images.append(_CardImage("Requested and actual", data_uri(plots.requested_and_actual(compared))))
    return images


def _summary(seen: Examination) -> list[tuple[str, object]]:
    info, statistics = seen.labels.info, seen.statistics
    sizes = ", ".join(f"{w}x{h}" for (w, h), _ in statistics.sizes.most_common(4))
    more = f" and {len(statistics.sizes) - 4} more" if len(statistics.sizes) > 4 else ""
    made_by = " ".join(str(value) for value in info.generator.values())
    return [
        ("format", seen.labels.kind),
        ("made by", made_by or "not stated"),
        ("seed", info.seed if info.config else "none: the images were not generated"),
        ("images", f"{statistics.images}, {statistics.boxes_per_image[0]} of them without boxes"),
        ("image sizes", sizes + more),
        ("boxes", f"{statistics.boxes} ({seen.policy}); {statistics.ignored} more are marked as ignored"),
        ("classes", ", ".join(f"{name} {statistics.classes[name]}" for name in seen.labels.category_names)),
    ]


def _findings(seen: Examination) -> list[tuple[object, ...]]:
    return [(f["severity"], f["id"], f["count"], f["meaning"], f["examples"][0]) for f in seen.findings.to_json()]


def _of_all_people(statistics: Statistics) -> dict[str, Counter]:
    names = dict.fromkeys(name for counted in statistics.person_attributes.values() for name in counted)
    return {name: statistics.people(name) for name in names}


def _attribute_rows(counted: Mapping[str, Counter]) -> list[tuple[str, str]]:
    rows: list[tuple[str, str]] = []
    for name, counter in counted.items():
        if counter and len(counter) <= MOST_VALUES:
            total = sum(counter.values())
            values = (f"{value} {count} ({count / total:.0%})" for value, count in sorted(counter.items()))
            rows.append((name, ", ".join(values)))
    return rows
