"""The model card beside an exported file: its input, outputs, origin, licence, and the runtimes that run it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from shared_format import atomic

from ..runtimes.exported import DETECTIONS, Exported
from ..tasks.exporting import Exporting, OutputDifference

CARD_VERSION = 1
LETTERBOX_RULE = (
    "Scale the upright RGB image by min(size / width, size / height), sides rounded down, bilinear without "
    "smoothing; paste it in the middle (offsets (size - side) // 2) of a square of 0.5; values 0..1, RGB. "
    "Back: x = (x' - offset) / (scaled side / side)."
)
NO_LICENCE = "not stated; the licences of the original weights and of their training data apply"


def runs_in(kind: str, output: str) -> str:
    """Name the runtimes that run a file of this format and output, and those that do not."""
    if kind == "onnx" and output == DETECTIONS:
        return "ONNX Runtime and OpenVINO; not OpenCV's dnn module, which has no non-maximum suppression"
    return {
        "onnx": "ONNX Runtime, OpenVINO, and OpenCV's dnn module (4.8 or later; one image per call)",
        "litert": "LiteRT (TensorFlow Lite) on phones and computers; one image per call",
        "saved_model": "TensorFlow and TensorFlow Serving",
        "openvino": "OpenVINO",
    }[kind]


@dataclass(frozen=True)
class Card:
    """The description of an exported file. ``difference`` is its difference from Keras on ``images`` images."""

    exported: Exported
    exporting: Exporting
    kind: str
    file: str
    source: str
    difference: OutputDifference
    bound: OutputDifference
    images: int
    licence: Optional[str]
    opset: Optional[int] = None

    def to_json(self) -> dict[str, object]:
        """The card for programs."""
        spec = self.exported.spec
        return {
            "schema_version": CARD_VERSION,
            "file": self.file,
            "format": self.kind,
            "output": self.exported.output,
            "precision": self.exported.precision,
            "opset": self.opset,
            "runs_in": runs_in(self.kind, self.exported.output),
            "exported_from": self.source,
            "licence": self.licence,
            "size": spec.size,
            "input": f"pixels: (batch, {spec.size}, {spec.size}, 3) float32",
            "outputs": self.exporting.outputs[self.exported.output],
            "letterbox": LETTERBOX_RULE,
            "classes": list(spec.classes),
            "category_ids": list(spec.category_ids),
            **self.exporting.describe_head(spec).values,
            "largest_difference": self.difference.to_json(),
            "bound": self.bound.to_json(),
            "verified_on": self.images,
        }

    def text(self) -> str:
        """The card for people, in Markdown."""
        spec, verdict = self.exported.spec, "within" if self.difference.within(self.bound) else "ABOVE"
        score, box = f"{self.difference.score:.2g}", f"{self.difference.box_pixels:.2g}"
        opset = "" if self.opset is None else f", opset {self.opset}"
        return f"""# {self.file}

{spec.model}, exported from `{self.source}` to {self.kind}, {self.exported.precision}{opset}.

**Licence:** {self.licence or NO_LICENCE}

**Runs in** {runs_in(self.kind, self.exported.output)}.

**Input** `pixels`: (batch, {spec.size}, {spec.size}, 3) float32. {LETTERBOX_RULE}

**Output** {self.exporting.outputs[self.exported.output]}

**Verified** in its runtime on {self.images} images: the largest difference from Keras is {score} in a score
and {box} input pixels in a box edge, {verdict} the bounds of {self.bound.score:g} and {self.bound.box_pixels:g}.

**Classes** ({len(spec.classes)}): {", ".join(f"{place} {name}" for place, name in enumerate(spec.classes))}

{self.exporting.describe_head(spec).text}

Detections are estimates: nobody's safety may depend on them alone. Programs read `{self.file}.json` instead.
"""

    def write(self, folder: Path) -> list[Path]:
        """Write ``FILE.json`` and ``FILE.md`` beside the file, and return their paths."""
        data, page = (folder / f"{self.file}{suffix}" for suffix in (".json", ".md"))
        atomic.write_bytes(data, (json.dumps(self.to_json(), indent=1, ensure_ascii=False) + "\n").encode())
        atomic.write_bytes(page, self.text().encode())
        return [data, page]
