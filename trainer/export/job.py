"""`trainer export`: write, verify, describe."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

import keras

from ..disk_errors import make_folder
from ..errors import TrainerError
from ..models.files import load_network
from ..runtimes import Exported, describe_file, load_exported
from ..runtimes.exported import BOXES, DETECTIONS, FORMATS, HEADS
from .card import Card
from .graph import export_graph
from .litert_file import write_litert
from .onnx_file import write_onnx
from .other_files import write_openvino, write_saved_model
from .samples import calibration_inputs, verification_images
from .verify import Difference, largest_difference

SCHEMA_VERSION = 1
# Of score and of a box's side in pixels. In float32 only the order of sums differs; the others were measured on
# COCO's weights and are what such numbers can hold, not what one wishes for.
BOUNDS = {"float32": Difference(1e-3, 0.1), "float16": Difference(0.02, 2.0), "int8": Difference(0.5, 50.0)}


@dataclass(frozen=True)
class ExportRequest:
    """What to write where.

    Attributes:
        kind: a key of ``FORMATS``. output: of ``runtimes.exported.OUTPUTS``; None: boxes, of int8 the heads.
        precision: a key of ``BOUNDS``; other than float32 for LiteRT only.
        images: SOURCEs to verify on. calibration: SOURCEs for int8.
        max_score, max_box_pixels: bounds of the difference; None for those of ``BOUNDS``. licence: of the weights.
    """

    kind: str
    out: Path
    output: Optional[str] = None
    precision: str = "float32"
    images: tuple = ()
    calibration: tuple = ()
    max_score: Optional[float] = None
    max_box_pixels: Optional[float] = None
    licence: Optional[str] = None

    def __post_init__(self) -> None:
        if self.precision != "float32" and self.kind != "litert":
            raise TrainerError(f"--precision {self.precision} is of litert; {self.kind} is written in float32")
        if self.precision == "int8" and not self.calibration:
            raise TrainerError("--precision int8 needs --calibrate with images like those it will see")
        if self.chosen_output == DETECTIONS and self.kind not in ("onnx", "openvino"):
            raise TrainerError(f"--output detections is of onnx and openvino; {self.kind} gives boxes or heads")

    @property
    def chosen_output(self) -> str:
        """The output, as given or by the precision: one range of 256 steps cannot hold pixels and scores."""
        return self.output or (HEADS if self.precision == "int8" else BOXES)

    @property
    def bound(self) -> Difference:
        """How far the file may be from Keras."""
        usual = BOUNDS[self.precision]
        return Difference(
            usual.score if self.max_score is None else self.max_score,
            usual.box_pixels if self.max_box_pixels is None else self.max_box_pixels,
        )

    @property
    def file_name(self) -> str:
        """``detector.onnx``, ``detector_heads_int8.tflite`` ..: what is not the default is in the name."""
        words = ["detector"]
        words += [] if self.chosen_output == BOXES else [self.chosen_output]
        words += [] if self.precision == "float32" else [self.precision]
        return "_".join(words) + FORMATS[self.kind].suffix


def export_model(model: str, request: ExportRequest) -> dict:
    """Export MODEL, run the file by its own runtime and compare it with Keras; write its card beside it.

    Returns the result of the command; ``within`` says whether the differences are. Raises TrainerError.
    """
    network, spec = load_network(model)
    images, real = verification_images(model, request.images or request.calibration)
    exported = Exported(spec, request.chosen_output, request.precision)
    bound = request.bound
    make_folder(request.out)
    with tempfile.TemporaryDirectory(prefix=".part-", dir=request.out) as folder:
        made = Path(folder) / request.file_name
        _write(network, exported, request, made)
        describe_file(made, request.kind, exported)
        runtime = load_exported(made, batch=1)
        difference = largest_difference(network, spec, runtime, images)
        files = [_placed(path, request.out) for path in sorted(Path(folder).iterdir())]
    card = Card(exported, request.kind, request.file_name, model, difference, bound, len(images), request.licence)
    files += card.write(request.out)
    return {
        "schema_version": SCHEMA_VERSION,
        "file": str(request.out / request.file_name),
        "format": request.kind,
        "output": exported.output,
        "precision": exported.precision,
        "pictures": len(images),
        "real_pictures": real,
        "largest_difference": difference.to_json(),
        "bound": bound.to_json(),
        "within": difference.within(bound),
        "written": [str(path) for path in files],
    }


def _write(network: keras.Model, exported: Exported, request: ExportRequest, path: Path) -> None:
    graph = export_graph(network, exported.spec, exported.output, batch=1 if request.kind == "litert" else None)
    suppress = exported.output == DETECTIONS
    match request.kind:
        case "onnx":
            write_onnx(graph, path, suppress)
        case "litert":
            calibration = calibration_inputs(request.calibration, exported.spec.size) if request.calibration else ()
            write_litert(graph, path, exported.precision, calibration)
        case "saved_model":
            write_saved_model(graph, path)
        case "openvino":
            between = path.with_suffix(".onnx")
            write_onnx(graph, between, suppress)
            write_openvino(between, path)
            between.unlink()


def _placed(path: Path, folder: Path) -> Path:
    """Move what is whole to its name, over what an earlier export left there."""
    target = folder / path.name
    if target.is_dir():
        shutil.rmtree(target)
    os.replace(path, target)
    return target


def summary(result: dict) -> str:
    """The result for people."""
    difference, bound = result["largest_difference"], result["bound"]
    verdict = "within" if result["within"] else "above"
    images = f"{result['pictures']} images" if result["real_pictures"] else "a made-up image (give --pictures)"
    return "\n".join(
        [
            f"{result['file']}: {result['output']}, {result['precision']}",
            f"largest difference against Keras on {images}: score {difference['score']:.2g}, "
            f"box {difference['box_pixels']:.2g} px; {verdict} the bound of {bound['score']:g} and "
            f"{bound['box_pixels']:g} px",
            *result["written"],
        ]
    )
