"""`trainer curve`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Optional

import click

from shared_format.record import DEFAULT_CLASSES

from ..backend import load_quietly
from ..formats.class_choice import ClassChoice
from ..progress import note
from .options import (
    FILE,
    INTERRUPTED,
    OK,
    boxes_option,
    chosen_classes,
    example,
    format_option,
    json_option,
    numbers,
    print_json,
    split_list,
    training_options,
)

if TYPE_CHECKING:
    from ..curve.plan import CurveRequest
    from ..curve.run import Curve
    from ..fitting.config import FitConfig


@click.command(
    epilog=example(
        "trainer curve --synthetic renders --real photos/train --test photos/test \\\n"
        "      --fractions 0,1,10,50,100 --out curve --epochs 50"
    )
)
@click.option("--synthetic", metavar="DATA", required=True, help="Synthetic images to train on.")
@click.option("--real", metavar="DATA", required=True, help="Real images to train on.")
@click.option("--test", metavar="DATA", required=True, help="Real images to score on; no training uses them.")
@click.option(
    "--fractions", default="0,1,10,50,100", show_default=True, help="Percentages of the real images to train on."
)
@click.option("--out", type=FILE, required=True, help="Folder of the curve; an unfinished curve is resumed.")
@click.option("--seeds", default="0", show_default=True, help="Random seeds; several, such as 0,1,2, show the spread.")
@click.option(
    "--val", "validation", metavar="[NAME=]DATA", multiple=True, help="Images that choose each training's best epoch."
)
@click.option("--weights", help="Start every training from this MODEL or darknet .weights file.  [default: random]")
@click.option(
    "--real-share",
    type=float,
    help="Fraction of real images in mixed training.  [default: half in replay, by number of images in together]",
)
@click.option(
    "--regimes",
    "--arms",
    "regimes",
    metavar="REGIME,...",
    help="Training regimes: real, longer (real only, for as long as both trainings of then), synthetic, then "
    "(synthetic, then real), replay (synthetic, then both), together.  [default: all of them]",
)
@click.option("--metric", default="AP50", show_default=True, help="Metric of the plot and of the printed table.")
@click.option("--plan", is_flag=True, help="List the trainings that are left, and stop.")
@training_options
@boxes_option
@click.option(
    "--pretrain",
    multiple=True,
    metavar="KEY=VALUE",
    help="Setting of the training on synthetic images alone, such as keep_start=0.67.",
)
@click.option(
    "--finetune",
    multiple=True,
    metavar="KEY=VALUE",
    help="Change a training setting where training starts from the synthetic model, such as learning_rate=0.0002.",
)
@format_option
@json_option
def curve(
    synthetic: str,
    real: str,
    test: str,
    fractions: str,
    out: Path,
    seeds: str,
    validation: tuple[str, ...],
    weights: Optional[str],
    real_share: Optional[float],
    regimes: Optional[str],
    metric: str,
    plan: bool,
    classes: Optional[str],
    choice: Optional[ClassChoice],
    boxes: str,
    preset: Optional[str],
    config_file: Optional[Path],
    settings: tuple[str, ...],
    pretrain: tuple[str, ...],
    finetune: tuple[str, ...],
    kind: Optional[str],
    as_json: bool,
    **options: object,
) -> int:
    """Measure what synthetic images are worth: real only, synthetic only, one then the other, and both together.

    For each fraction of the real images, one detector per training regime is trained with the same settings and for
    the same number of images (unless --pretrain or --finetune change that), and scored on TEST. Synthetic, then real
    is two trainings; real only is therefore also trained for as long as both. OUT holds curve.png, .svg, .csv and
    .json, and the run folder of each training. Run the same command again to resume, or to add points.
    """
    from ..curve.plan import TRAINED_REGIMES, CurveRequest
    from ..curve.series import METRICS
    from ..fitting.config import resolve

    if metric not in METRICS:
        raise click.UsageError(f"--metric {metric!r} is unknown; expected one of {', '.join(METRICS)}")
    given: dict[str, object] = {"preset": preset, "config": config_file and str(config_file), "set": settings}
    given |= {"pretrain": pretrain, "finetune": finetune, **options}
    chosen = chosen_classes(choice, classes, (synthetic, real), kind, for_training=True)
    request = CurveRequest(
        synthetic=synthetic,
        real=real,
        test=test,
        out=out,
        fractions=numbers("--fractions", fractions, float),
        seeds=numbers("--seeds", seeds, int),
        validation=validation,
        weights=weights,
        real_share=real_share,
        classes=chosen.names or DEFAULT_CLASSES,
        rules=chosen.rules,
        boxes=boxes,
        kind=kind,
        regimes=split_list(regimes) or TRAINED_REGIMES,
        given={name: value for name, value in given.items() if value},
    )
    base = resolve(config_file, settings, options, preset)
    return _run_curve(_open_curve(request, base, pretrain, finetune, metric), metric, plan, as_json)


def _open_curve(
    request: CurveRequest, base: FitConfig, pretrain: tuple[str, ...], finetune: tuple[str, ...], metric: str
) -> Curve:
    """The curve whose trainings have the settings ``base``, some of them changed by ``pretrain`` and ``finetune``."""
    from ..fitting.config import resolve

    pretrained, tuned = (resolve(None, pairs, {}, None, base) for pairs in (pretrain, finetune))
    load_quietly(base.deterministic)
    from ..curve.run import Curve, CurveConfigs

    return Curve(request, CurveConfigs(base, pretrained, tuned), metric)


def _run_curve(trainings: Curve, metric: str, plan: bool, as_json: bool) -> int:
    """Train what is left, or with ``plan`` list it; returns the exit code."""
    from ..curve.run import PLOT
    from ..curve.table import table_text

    note(trainings.cost())
    left = tuple(point.name for point in trainings.left)
    if plan:
        _print_curve({**trainings.to_json(), "interrupted": False}, left, as_json, "\n".join(left))
        return OK
    result = trainings.run()
    if result["interrupted"]:
        note("interrupted; run the same command to resume")
    left = tuple(point.name for point in trainings.left)
    _print_curve(result, left, as_json, f"{table_text(trainings.series, metric)}\n{trainings.request.out / PLOT}.png")
    return INTERRUPTED if result["interrupted"] else OK


def _print_curve(result: dict[str, object], left: tuple[str, ...], as_json: bool, text: str) -> None:
    if as_json:
        print_json({**result, "left": list(left)})
    else:
        click.echo(text)


COMMANDS = (curve,)
