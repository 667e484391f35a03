"""The command line. It parses, calls one function a command, and prints; heavy imports wait for the command."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Optional

import click

from shared_format.errors import FormatError
from shared_format.record import BOX_POLICIES

from .backend import load_quietly
from .errors import NotADataset, TrainingDiverged
from .progress import note

OK, FAILED, USAGE, NOT_DATA, INTERRUPTED = 0, 1, 2, 3, 130

_CONTEXT = {"help_option_names": ["-h", "--help"], "max_content_width": 110}
_FILE = click.Path(path_type=Path)
_FORMATS = ("wardsynth", "coco", "yolo", "voc", "keras-yolo3")

boxes_option = click.option(
    "--boxes",
    type=click.Choice(BOX_POLICIES),
    default="covered",
    show_default=True,
    help="Which box of a WardSynth record: the body under its blanket, only what is seen, or all of it.",
)
format_option = click.option(
    "--format", "kind", type=click.Choice(_FORMATS), help="The kind of DATA, where it is not recognised."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


def example(text: str) -> str:
    """An epilog that click does not reflow."""
    return f"\b\nExample:\n  {text}"


@click.group(context_settings=_CONTEXT, epilog=example("trainer fit demo/dataset --out run --epochs 50"))
@click.version_option(package_name="wardsynth", prog_name="trainer")
def cli() -> None:
    """Train YOLOv3 person detectors, score them, and look at what they find.

    DATA is a WardSynth dataset folder, a COCO JSON (pictures beside it or in images/), a YOLO folder or its
    data.yaml, a Pascal VOC folder or a keras-yolo3 .txt, with a slice if wanted: "folder[:40]" is the first 40
    pictures. MODEL is a run folder or a .keras file.
    """


@cli.command(epilog=example('trainer fit "demo/dataset[:40]" --val "demo/dataset[40:]" --out run --epochs 60'))
@click.argument("data", nargs=-1, required=True)
@click.option("--out", type=_FILE, required=True, help="The new run folder.")
@click.option("--val", "validation", metavar="DATA", help="Pictures to score on while training.")
@click.option("--model", help="yolov3-tiny or yolov3-nano.  [default: yolov3-nano]")
@click.option("--weights", help="Start from a darknet .weights or a .keras file; unfitting heads start fresh.")
@click.option("--classes", default="person", show_default=True, help="Names, separated by commas.")
@boxes_option
@click.option("--size", type=int, help="Side of the network's input, a multiple of 32.  [default: 416]")
@click.option("--epochs", type=int, help="[default: 100]")
@click.option("--batch", type=int, help="Pictures a step.  [default: 4]")
@click.option("--config", "config_file", type=_FILE, help="JSON file of settings.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="One setting, such as augment.flip=0.")
@click.option("--seed", type=int, help="[default: 0]")
@format_option
@json_option
def fit(
    data: tuple,
    out: Path,
    validation: Optional[str],
    weights: Optional[str],
    classes: str,
    boxes: str,
    config_file: Optional[Path],
    settings: tuple,
    kind: Optional[str],
    as_json: bool,
    **options: Any,
) -> int:
    """Train a detector on DATA and write the run folder OUT.

    It holds the resolved config.json, best.keras (by validation AP50), last.keras, history.csv, curve.png, and
    pictures of the first training batch and of the validation.
    """
    from .config import resolve

    config = resolve(config_file, settings, options)

    load_quietly()
    from .fit import FitInputs, fit

    names = tuple(name.strip() for name in classes.split(",") if name.strip())
    result = fit(FitInputs(data, out, validation, weights, names, boxes, kind), config)
    if as_json:
        _print_json({"schema_version": 1, **result})
    else:
        _print_fit(result)
    return INTERRUPTED if result["interrupted"] else OK


def _print_fit(result: dict) -> None:
    if result["interrupted"]:
        note(
            f"interrupted after {result['epochs']} epochs; saved {result['last']}; "
            f"go on with --weights {result['last']} and a new --out"
        )
    best = result["validation"]
    if best is not None:
        click.echo(f"best epoch {best['epoch']}: validation AP50 {best['AP50'] or 0:.3f} AP {best['AP'] or 0:.3f}")
    click.echo(f"{result['best']}  ({result['epochs']} epochs, {result['seconds']:.0f} s)")


@cli.command("eval", epilog=example('trainer eval run "demo/dataset[40:]" --out report --json'))
@click.argument("model")
@click.argument("data")
@click.option("--out", type=_FILE, help="Write a page with the score and the predictions here.")
@boxes_option
@format_option
@json_option
def evaluate_command(model: str, data: str, out: Optional[Path], boxes: str, kind: Optional[str], as_json: bool) -> int:
    """Score MODEL on DATA with COCO's metrics, and precision and recall at the best F1."""
    load_quietly()
    from .scoring import score_model

    metrics = score_model(model, data, out, boxes, kind)
    if as_json:
        _print_json(metrics)
    else:
        from .evaluate import score_table

        click.echo(score_table(metrics))
    if out is not None:
        note(f"report: {out / 'index.html'}")
    return OK


@cli.command(epilog=example("trainer predict run ward.jpg photos/ --out drawn"))
@click.argument("model")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.option("--out", type=_FILE, help="Folder for the pictures with the detections drawn.")
@click.option(
    "--conf", type=click.FloatRange(0, 1), help="Lowest confidence.  [default: 0.25; 0.001 in the --coco file]"
)
@click.option("--nms", type=click.FloatRange(0, 1), default=0.45, show_default=True, help="IoU of the suppression.")
@click.option("--coco", type=_FILE, metavar="FILE.json", help="Write a COCO results list here.")
@json_option
def predict(
    model: str,
    sources: tuple,
    out: Optional[Path],
    conf: Optional[float],
    nms: float,
    coco: Optional[Path],
    as_json: bool,
) -> int:
    """Find objects in SOURCEs: pictures, folders, patterns, or a DATA folder (its pictures and ids)."""
    load_quietly()
    from .predict import PredictRequest, describe, find_sources, predict

    found = find_sources(sources)
    detector = _load(model)
    result = predict(detector, found, PredictRequest(out, coco, conf, nms))
    if as_json:
        _print_json(result)
    else:
        for picture in result["pictures"]:
            click.echo(describe(picture))
    return FAILED if result["failed"] else OK


@cli.command(epilog=example("trainer convert demo/dataset --to yolo --classes person --out yolo"))
@click.argument("data")
@click.option("--to", "to", type=click.Choice(_FORMATS), required=True, help="The kind to write.")
@click.option("--out", type=_FILE, required=True, help="The new folder, with the pictures.")
@boxes_option
@click.option("--classes", help="Names to keep, separated by commas, in the order of their numbers.  [default: all]")
@format_option
@json_option
def convert(
    data: str, to: str, out: Path, boxes: str, classes: Optional[str], kind: Optional[str], as_json: bool
) -> int:
    """Write DATA as another kind, with its pictures, into the new folder OUT."""
    from .convert import ConvertRequest, class_list, convert, summary

    result = convert(ConvertRequest(data, to, out, boxes, class_list(classes), kind))
    if as_json:
        _print_json(result)
    else:
        click.echo(summary(result))
    return OK


@cli.command(epilog=example("trainer doctor demo/dataset --html card.html --show 9 --out sheet"))
@click.argument("data")
@json_option
@click.option("--strict", is_flag=True, help="Warnings count too.")
@click.option("--html", "card", type=_FILE, metavar="FILE.html", help="Write the dataset card here.")
@click.option("--show", type=click.IntRange(min=1), metavar="N", help="Draw the labels of N pictures into --out.")
@click.option("--out", type=_FILE, help="Folder for the sheet of --show.")
@click.option("--against", metavar="DATA", help="Other data that must not share a picture with DATA.")
@click.option("--size", type=click.IntRange(min=32), default=416, show_default=True, help="Training size, in pixels.")
@boxes_option
@click.option("--classes", help="Names, where the format only numbers its classes.")
@format_option
def doctor(
    data: str,
    as_json: bool,
    strict: bool,
    card: Optional[Path],
    show: Optional[int],
    out: Optional[Path],
    against: Optional[str],
    size: int,
    boxes: str,
    classes: Optional[str],
    kind: Optional[str],
) -> int:
    """Check DATA's files and labels, and count what is in it. Changes nothing.

    Exit code 0: clean, 1: findings, 2: wrong use, 3: not a dataset.
    """
    if (show is None) != (out is None):
        raise click.UsageError("--show and --out go together: how many pictures, and the folder for them")
    from .convert import class_list
    from .doctor import examine
    from .doctor.output import text, write_sheet

    seen = examine(data, class_list(classes), kind, boxes, size, against)
    if card is not None:
        from .doctor.card import write_card

        note(f"card: {write_card(card, seen)}")
    if out is not None:
        note(f"labels: {write_sheet(out, seen, show)}")
    if as_json:
        _print_json(seen.to_json(strict))
    else:
        click.echo(text(seen, strict))
    return FAILED if seen.failed(strict) else OK


def _load(model: str) -> Any:
    from .detect import Detector
    from .model_files import load_detector

    return Detector(*load_detector(model))


def _print_json(value: dict) -> None:
    click.echo(json.dumps(value, allow_nan=False))


def main(arguments: Optional[Sequence[str]] = None) -> None:
    """The console entry: runs a command, turns every expected error into one line, and exits."""
    sys.exit(run(cli, arguments))


def run(command: Callable, arguments: Optional[Sequence[str]]) -> int:
    """Run the command line and return its exit code."""
    try:
        return command.main(args=arguments, prog_name="trainer", standalone_mode=False) or OK
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return USAGE
    except click.ClickException as error:
        return _fail(error.format_message(), getattr(error, "ctx", None))
    except TrainingDiverged as error:
        _fail(str(error))
        return FAILED
    except NotADataset as error:
        _fail(str(error))
        return NOT_DATA
    except FormatError as error:
        return _fail(str(error))
    except (click.Abort, KeyboardInterrupt):
        note("trainer: interrupted")
        return INTERRUPTED


def _fail(message: str, context: Optional[click.Context] = None) -> int:
    where = context.command_path if context is not None else "trainer"
    one_line = " ".join(message.split())
    click.echo(f"{where}: {one_line}", err=True)
    return USAGE


if __name__ == "__main__":
    main()
