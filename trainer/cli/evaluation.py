"""`trainer eval` and `trainer compare`: scores of one model, and of several on the same images."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Optional

import click

from ..backend import load_quietly
from ..detection.thresholds import EVALUATION_CONFIDENCE, Suppression
from ..formats.class_choice import ClassChoice
from ..progress import note
from .options import (
    FILE,
    OK,
    FiniteRange,
    boxes_option,
    class_list,
    class_options,
    example,
    format_option,
    json_option,
    nms_options,
    print_json,
    split_list,
)

attributes_option = click.option(
    "--attributes",
    type=FILE,
    metavar="FILE.csv",
    help="Table of image attributes: the column file_name or image_id names the image, the others are attributes.",
)
conf_option = click.option(
    "--conf",
    type=FiniteRange(0, 1),
    default=EVALUATION_CONFIDENCE,
    show_default=True,
    help="Leave out detections of a lower confidence; 0.2 compares with OpenCV's reader of darknet files.",
)
size_option = click.option(
    "--size", type=click.IntRange(min=32), help="Side of the network's input, in pixels.  [default: the model's]"
)
resamples_option = click.option(
    "--resamples",
    type=int,
    default=500,
    show_default=True,
    help="Bootstrap resamples for the 95 % intervals; at least 40.",
)


def scored(command: Callable) -> Callable:
    """Add the options that every scoring command has: images, model, confidence intervals."""
    options = (
        class_options,
        attributes_option,
        conf_option,
        size_option,
        nms_options,
        resamples_option,
        boxes_option,
        format_option,
        json_option,
    )
    for option in reversed(options):
        command = option(command)
    return command


@click.command("eval", epilog=example('trainer eval run "demo/dataset[40:]" --out report --json'))
@click.argument("model")
@click.argument("data")
@click.option("--out", type=FILE, help="Write index.html, metrics.json, the plots and the workbook here.")
@click.option(
    "--classes", metavar="NAME,...", help="Score only these classes.  [default: all that MODEL and DATA share]"
)
@click.option("--slices", metavar="NAME,...", help="Attributes to slice by.  [default: all]")
@click.option("--pair", "pairs", multiple=True, metavar="NAME,NAME", help="Add a two-way table of two attributes.")
@click.option("--degrade", metavar="NAME[=LEVEL],...", help="Score degraded images, too: dark, blur, lowres, infrared.")
@scored
def evaluate_command(
    model: str,
    data: str,
    out: Optional[Path],
    classes: Optional[str],
    choice: Optional[ClassChoice],
    slices: Optional[str],
    pairs: tuple[str, ...],
    degrade: Optional[str],
    attributes: Optional[Path],
    conf: float,
    size: Optional[int],
    nms: Suppression,
    resamples: int,
    boxes: str,
    kind: Optional[str],
    as_json: bool,
) -> int:
    """Score MODEL on DATA: COCO's metrics, the best F1, every slice of the data, kinds of errors.

    A degradation without a level is tried at all its levels: dark and lowres by factors, blur by pixels, infrared by
    the light in the corners.
    """
    load_quietly()
    from ..evaluation.robustness import parse_degradations
    from ..evaluation.scoring import DataRequest, ModelRequest, score_model
    from ..metrics.analysis import AnalysisRequest
    from ..metrics.slices import parse_pairs

    metrics = score_model(
        model,
        DataRequest(data, boxes, kind, attributes, class_list(classes) or None, choice),
        ModelRequest(size, conf, nms),
        AnalysisRequest(split_list(slices) or None, parse_pairs(pairs), resamples),
        parse_degradations(degrade) if degrade is not None else None,
        out,
    )
    if as_json:
        print_json(metrics)
    else:
        from ..tasks import task_named

        click.echo(task_named(metrics["task"]).scoring.table(metrics))
    if out is not None:
        note(f"report: {out / 'index.html'}")
    return OK


@click.command(epilog=example("trainer compare run other --data 'demo/dataset[40:]' --out compared"))
@click.argument("models", nargs=-1, required=True, metavar="MODEL...")
@click.option("--data", required=True, help="Images to score on.")
@click.option("--out", type=FILE, required=True, help="Write index.html, the workbooks, plots and metrics.json here.")
@click.option(
    "--classes", metavar="NAME,...", help="Score only these classes.  [default: all that every MODEL and DATA share]"
)
@click.option("--slices", metavar="NAME,...", help="Attributes to slice by.  [default: all]")
@scored
def compare(
    models: tuple[str, ...],
    data: str,
    out: Path,
    classes: Optional[str],
    choice: Optional[ClassChoice],
    slices: Optional[str],
    attributes: Optional[Path],
    conf: float,
    size: Optional[int],
    nms: Suppression,
    resamples: int,
    boxes: str,
    kind: Optional[str],
    as_json: bool,
) -> int:
    """Score several MODELs on the same images: curves, a summary, and which differences exceed chance."""
    load_quietly()
    from ..evaluation.comparison import compare_models, text
    from ..evaluation.scoring import DataRequest, ModelRequest
    from ..metrics.analysis import AnalysisRequest

    compared = compare_models(
        models,
        DataRequest(data, boxes, kind, attributes, class_list(classes) or None, choice),
        ModelRequest(size, conf, nms),
        AnalysisRequest(split_list(slices) or None, (), resamples),
        out,
    )
    if as_json:
        print_json(compared)
    else:
        click.echo(text(compared))
    note(f"comparison: {out / 'index.html'}")
    return OK


COMMANDS = (evaluate_command, compare)
