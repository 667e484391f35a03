"""ONNX: Keras's own export, with names, and with suppression as one more node where it is asked for."""

from __future__ import annotations

import logging
import warnings
from pathlib import Path

import keras
import numpy as np

from ..backend import standard_error_closed
from ..detection.thresholds import MAX_DETECTIONS, NMS_THRESHOLD, SHOWN_CONFIDENCE
from ..extras import extra_module
from ..runtimes.exported import INPUT
from ..runtimes.onnx_runtime import IOU_THRESHOLD, SCORE_THRESHOLD

# Of 2022: what the runtimes in use know, phones' and browsers' too.
OPSET = 17


def write_onnx(graph: keras.Model, path: Path, suppress: bool) -> None:
    """Write ``graph`` to ``path``.

    Args:
        suppress: put class-wise non-maximum suppression behind boxes and scores. One output then, ``detections``
            (N, 7) float32: image, x1, y1, x2, y2, score, class; and two inputs with defaults, the thresholds.

    Raises:
        TrainerError: a library is missing.
    """
    onnx = extra_module("onnx", "export", "exporting ONNX")
    extra_module("tf2onnx", "export", "exporting ONNX")
    logging.getLogger("tf2onnx").setLevel(logging.ERROR)
    with warnings.catch_warnings(), standard_error_closed():
        warnings.simplefilter("ignore")
        graph.export(str(path), format="onnx", verbose=False, opset_version=OPSET)
    model = onnx.load(path)
    _name_ends(model.graph, sorted(graph.output))
    if suppress:
        _add_suppression(onnx, model.graph)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path)


def _name_ends(graph: object, outputs: list) -> None:
    """Give inputs, outputs and the open dimension the names they have in Keras."""
    names = {graph.input[0].name: INPUT, **{one.name: name for one, name in zip(graph.output, outputs)}}
    for node in graph.node:
        for ends in (node.input, node.output):
            ends[:] = [names.get(name, name) for name in ends]
    for value in (*graph.input, *graph.output):
        value.name = names[value.name]
        value.type.tensor_type.shape.dim[0].dim_param = "batch"


def _add_suppression(onnx: object, graph: object) -> None:
    helper, floats = onnx.helper, onnx.TensorProto.FLOAT

    def constant(name: str, value: list, kind: str) -> str:
        graph.initializer.append(onnx.numpy_helper.from_array(np.array(value, kind), name))
        return name

    for name, value in ((IOU_THRESHOLD, NMS_THRESHOLD), (SCORE_THRESHOLD, SHOWN_CONFIDENCE)):
        constant(name, [value], "float32")
        graph.input.append(helper.make_tensor_value_info(name, floats, [1]))
    most = constant("most_per_class", [MAX_DETECTIONS], "int64")
    image, label, place = (constant(f"column_{number}", [number], "int64") for number in range(3))
    last = constant("last_axis", [-1], "int64")
    add = graph.node.append
    add(helper.make_node("Transpose", ["scores"], ["scores_by_class"], perm=[0, 2, 1]))
    # It takes corners as y, x; overlap is the same with both exchanged.
    ends = ["boxes", "scores_by_class", most, IOU_THRESHOLD, SCORE_THRESHOLD]
    add(helper.make_node("NonMaxSuppression", ends, ["kept"]))  # (N, 3): image, class, place
    for column in (image, label, place):
        add(helper.make_node("Gather", ["kept", column], [f"kept_{column}"], axis=1))
    add(helper.make_node("Concat", [f"kept_{image}", f"kept_{place}"], ["kept_box"], axis=1))
    add(helper.make_node("GatherND", ["boxes", "kept_box"], ["kept_corners"]))
    add(helper.make_node("GatherND", ["scores_by_class", "kept"], ["kept_values"]))
    add(helper.make_node("Unsqueeze", ["kept_values", last], ["kept_scores"]))
    for column in (image, label):
        add(helper.make_node("Cast", [f"kept_{column}"], [f"kept_{column}_float"], to=floats))
    columns = [f"kept_{image}_float", "kept_corners", "kept_scores", f"kept_{label}_float"]
    add(helper.make_node("Concat", columns, ["detections"], axis=1))
    del graph.output[:]
    graph.output.append(helper.make_tensor_value_info("detections", floats, ["found", 7]))
