"""`trainer curve`."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Optional

import click

from shared_format.record import DEFAULT_CLASSES

from ..backend import load_quietly
from ..progress import note
from .options import (
    FILE,
    INTERRUPTED,
    OK,
    boxes_option,
    class_list,
    example,
    format_option,
    json_option,
    numbers,
    of_a_training,
    print_json,
    words,
)


@click.command(
    epilog=example(
        "trainer curve --synthetic renders --real photos/train --test photos/test \\\n"
        "      --fractions 0,1,10,50,100 --out curve --epochs 50"
    )
)
@click.option("--synthetic", metavar="DATA", required=True, help="The synthetic images.")
@click.option("--real", metavar="DATA", required=True, help="The real images to train on.")
@click.option("--test", metavar="DATA", required=True, help="Real images to score on; no training sees them.")
@click.option("--fractions", default="0,1,10,50,100", show_default=True, help="Per cent of the real images.")
@click.option("--out", type=FILE, required=True, help="The folder of the curve; one that was begun is gone on with.")
@click.option("--seeds", default="0", show_default=True, help="Several, such as 0,1,2, give the spread.")
@click.option("--val", "validation", metavar="[NAME=]DATA", multiple=True, help="Chooses each training's best epoch.")
@click.option("--weights", help="Every training starts from this MODEL or darknet .weights file.")
@click.option(
    "--real-share",
    type=float,
    help="Share of real images shown where both are mixed.  [default: half in replay, by number in together]",
)
@click.option(
    "--arms",
    metavar="ARM,...",
    help="Ways of training: real, longer (real only, as long as synthetic and then real), synthetic, then, "
    "replay (synthetic, then both), together.  [default: all of them]",
)
@click.option("--metric", default="AP50", show_default=True, help="Of the plot and the printed table.")
@click.option("--plan", is_flag=True, help="Say what would be trained, and stop.")
@of_a_training
@boxes_option
@click.option(
    "--pretrain",
    multiple=True,
    metavar="KEY=VALUE",
    help="A setting of the training on synthetic images alone, such as keep_start=0.67.",
)
@click.option(
    "--finetune",
    multiple=True,
    metavar="KEY=VALUE",
    help="A setting of the trainings that go on from the synthetic model, such as learning_rate=0.0002.",
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
    validation: tuple,
    weights: Optional[str],
    real_share: Optional[float],
    arms: Optional[str],
    metric: str,
    plan: bool,
    classes: Optional[str],
    boxes: str,
    preset: Optional[str],
    config_file: Optional[Path],
    settings: tuple,
    pretrain: tuple,
    finetune: tuple,
    kind: Optional[str],
    as_json: bool,
    **options: Any,
) -> int:
    """Measure what synthetic images are worth: real only, synthetic only, one then the other, and both together.

    For each fraction of the real images one detector of each kind is trained, with the same settings and for the
    same number of images shown unless --pretrain or --finetune say otherwise, and scored on TEST. Synthetic then
    real is two trainings; real only is therefore also trained as long as the two. OUT holds curve.png and .svg,
    curve.csv, curve.json and each training's run folder. The same command again goes on where it was stopped; more
    --fractions, --seeds or --arms can be added.
    """
    from ..curve.plan import TRAINED_ARMS, CurveRequest
    from ..curve.series import METRICS
    from ..fitting.config import resolve

    if metric not in METRICS:
        raise click.UsageError(f"--metric {metric!r}: one of {', '.join(METRICS)}")
    said = {"preset": preset, "config": config_file and str(config_file), "set": settings}
    said |= {"pretrain": pretrain, "finetune": finetune}
    given = {name: value for name, value in {**said, **options}.items() if value}
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
        classes=class_list(classes) or DEFAULT_CLASSES,
        boxes=boxes,
        kind=kind,
        arms=words(arms) or TRAINED_ARMS,
        given=given,
    )
    base = resolve(config_file, settings, options, preset)
    pretrained, tuned = (resolve(None, pairs, {}, None, base) for pairs in (pretrain, finetune))
    load_quietly(base.deterministic)
    from ..curve.run import PLOT, Curve, Settings
    from ..curve.table import table_text

    drawn = Curve(request, Settings(base, pretrained, tuned), metric)
    note(drawn.cost())
    if plan:
        _say(drawn, {**drawn.to_json(), "interrupted": False}, as_json, "\n".join(p.name for p in drawn.left))
        return OK
    result = drawn.run()
    if result["interrupted"]:
        note("interrupted; the same command goes on")
    _say(drawn, result, as_json, f"{table_text(drawn.series, metric)}\n{out / PLOT}.png")
    return INTERRUPTED if result["interrupted"] else OK


def _say(drawn: Any, result: dict, as_json: bool, text: str) -> None:
    if as_json:
        print_json({**result, "left": [point.name for point in drawn.left]})
    else:
        click.echo(text)


COMMANDS = (curve,)
