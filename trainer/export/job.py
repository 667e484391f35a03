"""`trainer export`: write the file, verify it in its runtime, describe it."""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Optional, TypedDict

import keras

from ..disk_errors import make_folder
from ..errors import TrainerError
from ..models.files import load_network
from ..network.spec import ModelSpec
from ..runtimes import Exported, describe_file, load_exported
from ..runtimes.exported import BOXES, DETECTIONS, FORMATS, HEADS, OPSET
from ..tasks import TASKS, task_of
from ..tasks.exporting import DifferenceRow, Exporting, OutputDifference
from .card import Card
from .keras_export import export_graph, write_litert, write_saved_model
from .onnx_file import write_onnx, write_openvino
from .samples import calibration_inputs, verification_images

SCHEMA_VERSION = 1
# Bounds of the difference in a score and in a box edge, in pixels. In float32 only the order of sums differs; the
# others were measured on COCO's weights: they are what such numbers can hold, not what would be desirable.
BOUNDS = {
    "float32": OutputDifference(1e-3, 0.1),
    "float16": OutputDifference(0.02, 2.0),
    "int8": OutputDifference(0.5, 50.0),
}


class ExportResult(TypedDict):
    """The JSON result of the command; ``within`` tells whether the difference is within its bound."""

    schema_version: int
    file: str
    format: str
    output: str
    precision: str
    pictures: int
    real_pictures: bool
    largest_difference: DifferenceRow
    bound: DifferenceRow
    within: bool
    written: list[str]


@dataclass(frozen=True)
class ExportRequest:
    """The options of one export.

    Attributes:
        kind: a key of ``FORMATS``. output: one of ``runtimes.exported.OUTPUTS``; None: boxes, or heads for int8.
        precision: a key of ``BOUNDS``; other than float32 for LiteRT only.
        images: SOURCEs to verify on. calibration: SOURCEs for int8.
        max_score, max_box_pixels: bounds of the difference; None: those of ``BOUNDS``. licence: of the weights.
        opset: version of ONNX's operators; None: ``OPSET``.
    """

    kind: str
    out: Path
    output: Optional[str] = None
    precision: str = "float32"
    images: tuple[str, ...] = ()
    calibration: tuple[str, ...] = ()
    max_score: Optional[float] = None
    max_box_pixels: Optional[float] = None
    licence: Optional[str] = None
    opset: Optional[int] = None

    def __post_init__(self) -> None:
        if self.precision != "float32" and self.kind != "litert":
            raise TrainerError(f"--precision {self.precision} needs --format litert; {self.kind} is written in float32")
        if self.precision == "int8" and not self.calibration:
            raise TrainerError("--precision int8 needs --calibrate SOURCE, images like those the model will get")
        if self.chosen_output == DETECTIONS and self.kind not in ("onnx", "openvino"):
            raise TrainerError(
                f"--output detections needs --format onnx or openvino; {self.kind} has the outputs boxes and heads"
            )
        if self.opset is not None and self.kind != "onnx":
            raise TrainerError(f"--opset {self.opset} needs --format onnx; {self.kind} has no opset")

    @property
    def chosen_output(self) -> str:
        """The output, as given or by the precision: one range of 256 steps cannot hold both pixels and scores."""
        return self.output or (HEADS if self.precision == "int8" else BOXES)

    @property
    def chosen_opset(self) -> Optional[int]:
        """The opset of an ONNX file; None for the other formats."""
        return (self.opset or OPSET) if self.kind == "onnx" else None

    @property
    def bound(self) -> OutputDifference:
        """The accepted difference from Keras."""
        usual = BOUNDS[self.precision]
        return OutputDifference(
            usual.score if self.max_score is None else self.max_score,
            usual.box_pixels if self.max_box_pixels is None else self.max_box_pixels,
        )

    @property
    def file_name(self) -> str:
        """The name of the file, which shows what is not the default: ``detector_heads_int8.tflite``."""
        parts = ["detector"]
        parts += [] if self.chosen_output == BOXES else [self.chosen_output]
        parts += [] if self.precision == "float32" else [self.precision]
        return "_".join(parts) + FORMATS[self.kind].suffix


def export_model(model: str, request: ExportRequest) -> ExportResult:
    """Export MODEL, run the file in its runtime, compare it with Keras, and write its card. Raises TrainerError."""
    network, spec = load_network(model)
    exporting = _exporting_of(spec, model, request.chosen_output)
    images, real = verification_images(model, request.images or request.calibration)
    exported = Exported(spec, request.chosen_output, request.precision)
    bound = request.bound
    make_folder(request.out)
    with tempfile.TemporaryDirectory(prefix=".part-", dir=request.out) as folder:
        temporary = Path(folder) / request.file_name
        _write(network, exported, exporting, request, temporary)
        describe_file(temporary, request.kind, exported)
        runtime = load_exported(temporary, batch=1)
        difference = exporting.largest_difference(network, spec, runtime, images)
        files = [_moved(path, request.out) for path in sorted(Path(folder).iterdir())]
    card = Card(
        exported=exported,
        exporting=exporting,
        kind=request.kind,
        file=request.file_name,
        source=model,
        difference=difference,
        bound=bound,
        images=len(images),
        licence=request.licence,
        opset=request.chosen_opset,
    )
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


def _exporting_of(spec: ModelSpec, model: str, output: str) -> Exporting:
    exporting = task_of(spec, model).exporting
    if exporting is None:
        able = [name for name, task in TASKS.items() if task.exporting is not None]
        raise TrainerError(
            f"{model}: was trained for the task {spec.task}; trainer export needs one for the task {' or '.join(able)}"
        )
    if output not in exporting.outputs:
        raise TrainerError(
            f"--output {output}: {model} was trained for the task {spec.task}, whose files give "
            f"{' or '.join(exporting.outputs)}"
        )
    return exporting


def _write(network: keras.Model, exported: Exported, exporting: Exporting, request: ExportRequest, path: Path) -> None:
    graph = export_graph(
        network, exported.spec, exporting, exported.output, batch=1 if request.kind == "litert" else None
    )
    suppress = exported.output == DETECTIONS
    match request.kind:
        case "onnx":
            write_onnx(graph, path, suppress, request.opset or OPSET)
        case "litert":
            calibration = calibration_inputs(request.calibration, exported.spec.size) if request.calibration else ()
            write_litert(graph, path, exported.precision, calibration)
        case "saved_model":
            write_saved_model(graph, path)
        case "openvino":
            intermediate = path.with_suffix(".onnx")
            write_onnx(graph, intermediate, suppress)
            write_openvino(intermediate, path)
            intermediate.unlink()


def _moved(path: Path, folder: Path) -> Path:
    """Move a complete file or folder to its name, replacing that of an earlier export."""
    target = folder / path.name
    if target.is_dir():
        shutil.rmtree(target)
    os.replace(path, target)
    return target


def summary(result: ExportResult) -> str:
    """Describe the result in text."""
    difference, bound = result["largest_difference"], result["bound"]
    verdict = "within" if result["within"] else "above"
    images = f"{result['pictures']} images" if result["real_pictures"] else "a synthetic image (give --pictures)"
    return "\n".join(
        [
            f"{result['file']}: {result['output']}, {result['precision']}",
            f"largest difference from Keras on {images}: score {difference['score']:.2g}, "
            f"box edge {difference['box_pixels']:.2g} px; {verdict} the bounds of {bound['score']:g} and "
            f"{bound['box_pixels']:g} px",
            *result["written"],
        ]
    )
