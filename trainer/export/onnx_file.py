"""ONNX: Keras's own export with names, portable resizing, and, if requested, suppression as one more node."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import keras
import numpy as np

from ..backend import standard_error_closed
from ..detection.thresholds import MAX_DETECTIONS, NMS_THRESHOLD, SHOWN_CONFIDENCE
from ..extras import extra_module
from ..runtimes.exported import INPUT, OPSET
from ..runtimes.onnx_runtime import IOU_THRESHOLD, SCORE_THRESHOLD

if TYPE_CHECKING:
    from onnx import GraphProto


def write_onnx(graph: keras.Model, path: Path, suppress: bool, opset: int = OPSET) -> None:
    """Write ``graph`` as an ONNX file.

    Args:
        suppress: append class-wise non-maximum suppression. The only output then is ``detections`` (N, 7) float32:
            image, x1, y1, x2, y2, score, class; two more inputs with defaults are the thresholds.
        opset: version of the operators.

    Raises:
        TrainerError: a library is missing.
    """
    onnx = extra_module("onnx", "export", "exporting ONNX")
    extra_module("tf2onnx", "export", "exporting ONNX")
    logging.getLogger("tf2onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings(), standard_error_closed():
        warnings.simplefilter("ignore")
        graph.export(str(path), format="onnx", verbose=False, opset_version=opset)
    model = onnx.load(path)
    _name_ends(model.graph, sorted(graph.output))
    _simplify_resizing(model.graph)
    if suppress:
        _add_suppression(model.graph)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path)


def _name_ends(graph: GraphProto, outputs: list[str]) -> None:
    """Give inputs, outputs and the open dimension the names they have in Keras."""
    names = {graph.input[0].name: INPUT, **{one.name: name for one, name in zip(graph.output, outputs)}}
    for node in graph.node:
        for ends in (node.input, node.output):
            ends[:] = [names.get(name, name) for name in ends]
    for value in (*graph.input, *graph.output):
        value.name = names[value.name]
        value.type.tensor_type.shape.dim[0].dim_param = "batch"


def _simplify_resizing(graph: GraphProto) -> None:
    """Write nearest-neighbour resizing by whole factors in the way that every runtime computes the same.

    tf2onnx uses ``tf_half_pixel_for_nn``, which ONNX has withdrawn; for whole factors asymmetric coordinates,
    rounded down, choose the same pixels.
    """
    helper = extra_module("onnx", "export", "exporting ONNX").helper
    for node in graph.node:
        if node.op_type != "Resize":
            continue
        attributes = {one.name: helper.get_attribute_value(one) for one in node.attribute}
        if attributes.get("mode") == b"nearest" and len(node.input) == 3:  # data, region, scales
            del node.attribute[:]
            node.attribute.extend(
                helper.make_attribute(name, value)
                for name, value in (
                    ("mode", "nearest"),
                    ("coordinate_transformation_mode", "asymmetric"),
                    ("nearest_mode", "floor"),
                )
            )


def _add_suppression(graph: GraphProto) -> None:
    """Append NonMaxSuppression, and the nodes that gather its rows from boxes and scores."""
    onnx = extra_module("onnx", "export", "exporting ONNX")
    helper, floats = onnx.helper, onnx.TensorProto.FLOAT

    def constant(name: str, value: list[float], kind: str) -> str:
        graph.initializer.append(onnx.numpy_helper.from_array(np.array(value, kind), name))
        return name

    for name, value in ((IOU_THRESHOLD, NMS_THRESHOLD), (SCORE_THRESHOLD, SHOWN_CONFIDENCE)):
        constant(name, [value], "float32")
        graph.input.append(helper.make_tensor_value_info(name, floats, [1]))
    most = constant("most_per_class", [MAX_DETECTIONS], "int64")
    image, label, place = (constant(f"column_{number}", [number], "int64") for number in range(3))
    column_shape = constant("column_shape", [-1, 1], "int64")

    def add(operator: str, inputs: list[str], output: str, **attributes: object) -> None:
        graph.node.append(helper.make_node(operator, inputs, [output], **attributes))

    add("Transpose", ["scores"], "scores_by_class", perm=[0, 2, 1])
    # The operator expects corners as y, x; the overlap is the same with both exchanged.
    add("NonMaxSuppression", ["boxes", "scores_by_class", most, IOU_THRESHOLD, SCORE_THRESHOLD], "kept")
    for column in (image, label, place):  # the columns of ``kept``, (N, 3)
        add("Gather", ["kept", column], f"kept_{column}", axis=1)
    add("Concat", [f"kept_{image}", f"kept_{place}"], "kept_box", axis=1)
    add("GatherND", ["boxes", "kept_box"], "kept_corners")
    add("GatherND", ["scores_by_class", "kept"], "kept_values")
    add("Reshape", ["kept_values", column_shape], "kept_scores")
    for column in (image, label):
        add("Cast", [f"kept_{column}"], f"kept_{column}_float", to=floats)
    columns = [f"kept_{image}_float", "kept_corners", "kept_scores", f"kept_{label}_float"]
    add("Concat", columns, "detections", axis=1)
    del graph.output[:]
    graph.output.append(helper.make_tensor_value_info("detections", floats, ["found", 7]))


def write_openvino(onnx_file: Path, path: Path) -> None:
    """Write an ONNX file as OpenVINO's ``path`` and the .bin beside it. Raises TrainerError: it is not installed."""
    openvino = extra_module("openvino", "openvino", "exporting OpenVINO")
    # Not convert_model, which would report its use over the network.
    openvino.save_model(openvino.Core().read_model(onnx_file), path, compress_to_fp16=False)
