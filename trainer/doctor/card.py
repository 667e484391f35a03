"""The dataset card: one page that says what is in a dataset, how it is labelled, and whose licences it carries."""

from __future__ import annotations

import html
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from ..disk_errors import writing
from ..metrics.attributes import MOST_VALUES
from ..page import image_section, jpeg, write_page
from . import plots
from .examine import Examination
from .label_sheet import LEGEND, label_sheet
from .shares import shares
from .statistics import Tally

SAMPLES = 9


def write_card(path: Path, seen: Examination) -> Path:
    """Write the card of an examined dataset to ``path``; returns it. Raises TrainerError: it cannot be written."""
    info, tally = seen.labels.info, seen.tally
    found = shares(info.config, tally)
    sections = [
        _summary(seen),
        _findings(seen),
        image_section("Sample images", jpeg(label_sheet(seen.labels, SAMPLES)), LEGEND),
        image_section("Boxes", plots.size_and_aspect(tally, seen.size)) if tally.boxes else "",
        image_section("Position", plots.position(tally)) if tally.boxes else "",
        image_section("Occlusion", plots.occlusion(tally)) if any(tally.fractions.values()) else "",
        image_section("Key points", plots.keypoint_rates(tally)) if tally.keypoints.any() else "",
        image_section("Wanted and obtained", plots.wanted_and_obtained(found)) if found else "",
        _attributes("Attributes of images", tally.image_attributes),
        _attributes("Attributes of people", _of_all_people(tally)),
        _licences(info.licences),
    ]
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        return write_page(path, f"Dataset card: {info.name}", sections)


def _summary(seen: Examination) -> str:
    info, tally = seen.labels.info, seen.tally
    sizes = ", ".join(f"{w}x{h}" for (w, h), _ in tally.sizes.most_common(4))
    more = f" and {len(tally.sizes) - 4} more" if len(tally.sizes) > 4 else ""
    made_by = " ".join(str(value) for value in info.generator.values())
    rows = [
        ("format", seen.labels.kind),
        ("made by", made_by or "not stated"),
        ("seed", info.seed if info.config else "none: not drawn"),
        ("images", f"{tally.images}, {tally.boxes_per_image[0]} of them without a box"),
        ("image sizes", sizes + more),
        ("boxes", f"{tally.boxes} ({seen.policy}); {tally.ignored} more are marked to count neither way"),
        ("classes", ", ".join(f"{name} {tally.classes[name]}" for name in seen.labels.category_names)),
    ]
    return _table(rows)


def _findings(seen: Examination) -> str:
    found = seen.findings.to_json()
    if not found:
        return "<h2>Findings</h2><p>None.</p>"
    rows = [(f["severity"], f["id"], f["count"], f["meaning"], f["examples"][0]) for f in found]
    return "<h2>Findings</h2>" + _table(rows, ("", "id", "count", "meaning", "first"))


def _of_all_people(tally: Tally) -> dict:
    names = dict.fromkeys(name for counted in tally.person_attributes.values() for name in counted)
    return {name: tally.people(name) for name in names}


def _attributes(title: str, counted: Mapping[str, Counter]) -> str:
    rows = []
    for name, counter in counted.items():
        if counter and len(counter) <= MOST_VALUES:
            total = sum(counter.values())
            values = (f"{value} {count} ({count / total:.0%})" for value, count in sorted(counter.items()))
            rows.append((name, ", ".join(values)))
    return f"<h2>{title}</h2>{_table(rows)}" if rows else ""


def _licences(licences: Sequence[Mapping]) -> str:
    if not licences:
        return "<h2>Licences</h2><p>The data states none.</p>"
    rows = [[licence.get(key, "") for key in ("asset", "licence", "source")] for licence in licences]
    return "<h2>Licences</h2>" + _table(rows, ("what", "licence", "source"))


def _table(rows: Iterable[Sequence], head: Sequence[str] = ()) -> str:
    first = "".join(f"<th>{html.escape(cell)}</th>" for cell in head)
    body = "".join("<tr>" + "".join(f"<td>{html.escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table>{f'<tr>{first}</tr>' if first else ''}{body}</table>"
