"""`trainer eval`."""

from __future__ import annotations

from pathlib import Path
from typing import Optional

import click

from ..backend import load_quietly
from ..progress import note
from .options import (
    FILE,
    OK,
    boxes_option,
    example,
    format_option,
    json_option,
    print_json,
)


@click.command("eval", epilog=example('trainer eval run "demo/dataset[40:]" --out report --json'))
@click.argument("model")
@click.argument("data")
@click.option("--out", type=FILE, help="Write a page with the score and the predictions here.")
@boxes_option
@format_option
@json_option
def evaluate_command(model: str, data: str, out: Optional[Path], boxes: str, kind: Optional[str], as_json: bool) -> int:
    """Score MODEL on DATA with COCO's metrics, and precision and recall at the best F1."""
    load_quietly()
    from ..evaluation.scoring import score_model

    metrics = score_model(model, data, out, boxes, kind)
    if as_json:
        print_json(metrics)
    else:
        from ..evaluation.evaluate import score_table

        click.echo(score_table(metrics))
    if out is not None:
        note(f"report: {out / 'index.html'}")
    return OK


COMMANDS = (evaluate_command,)
