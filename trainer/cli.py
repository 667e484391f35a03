"""The command line. It parses, calls one function a command, and prints; heavy imports wait for the command."""

from __future__ import annotations

import json
import shlex
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

_BOXES_HELP = "Which box of a WardSynth record: the body under its blanket, only what is seen, or all of it."
boxes_option = click.option(
    "--boxes", type=click.Choice(BOX_POLICIES), default="covered", show_default=True, help=_BOXES_HELP
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
    pictures. MODEL is a run folder, a .keras file or darknet's FILE.cfg,FILE.weights.
    """


@cli.command(epilog=example('trainer fit "demo/dataset[:40]" --val "demo/dataset[40:]" --out run --epochs 60'))
@click.argument("data", nargs=-1)
@click.option("--out", type=_FILE, required=True, help="The new run folder.")
@click.option(
    "--val",
    "validation",
    metavar="[NAME=]DATA",
    multiple=True,
    help="Pictures to score on after each epoch; several sets have names: --val synthetic=DATA --val real=DATA.",
)
@click.option("--model", help="yolov3, yolov3-tiny, yolov3-nano or a darknet FILE.cfg.  [default: yolov3-nano]")
@click.option("--weights", help="Start from MODEL or a darknet .weights file; heads keep the classes both know.")
@click.option("--classes", help="Names, separated by commas.  [default: person]")
@click.option("--boxes", type=click.Choice(BOX_POLICIES), help=f"{_BOXES_HELP}  [default: covered]")
@click.option("--size", type=int, help="Side of the network's input, a multiple of 32.  [default: 416]")
@click.option("--epochs", type=int, help="[default: 100]")
@click.option("--batch", type=int, help="Pictures a step.  [default: 4]")
@click.option(
    "--freeze",
    metavar="WHAT:N,...",
    help="Keep the weights of backbone, all-but-heads or first-K (convolutions) for N epochs, then train all.",
)
@click.option("--preset", help="Settings by name, such as yolov3-blender.")
@click.option("--config", "config_file", type=_FILE, help="JSON file of settings.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="One setting, such as augment.flip=0.")
@click.option("--resume", is_flag=True, help="Go on with the run in OUT; DATA and settings are as they were.")
@click.option("--devices", type=click.IntRange(min=1), help="Share each batch among so many.  [default: 1]")
@click.option("--seed", type=int, help="[default: 0]")
@format_option
@json_option
def fit(
    data: tuple,
    out: Path,
    validation: tuple,
    weights: Optional[str],
    classes: Optional[str],
    boxes: Optional[str],
    preset: Optional[str],
    config_file: Optional[Path],
    settings: tuple,
    resume: bool,
    kind: Optional[str],
    as_json: bool,
    **options: Any,
) -> int:
    """Train a detector on DATA and write the run folder OUT.

    Several DATA are mixed; "photos@1 renders@3" gives each its share. OUT holds the resolved config.json, best.keras
    (by validation AP50), last.keras, history.csv, curve.png, TensorBoard's log, pictures of the first training batches
    and of the validation, and the checkpoint from which --resume goes on.
    """
    from .convert import class_list
    from .fit_inputs import FitInputs, resolve_run

    given = {"preset": preset, "config": config_file and str(config_file), "set": list(settings), **options}
    given = {name: value for name, value in given.items() if value}
    names = class_list(classes) or ("person",)
    inputs = FitInputs(data, out, validation, weights, names, boxes or "covered", kind, given)
    inputs, config, resuming = resolve_run(inputs, resume, (config_file, settings, options, preset))

    load_quietly(config.deterministic)
    from .fit import fit

    result = fit(inputs, config, resuming)
    if as_json:
        _print_json({"schema_version": 1, **result})
    else:
        _print_fit(result)
    return INTERRUPTED if result["interrupted"] else OK


def _print_fit(result: dict) -> None:
    from .evaluate import format_number

    if result["interrupted"]:
        run_again = f"trainer fit --out {shlex.quote(result['run'])} --resume"
        note(f"interrupted after {result['epochs']} epochs; go on with: {run_again}")
    for name, metrics in result["sets"].items():
        click.echo(
            f"best epoch {result['validation']['epoch']}: {name} AP50 {format_number(metrics['AP50'])} "
            f"AP {format_number(metrics['AP'])}"
        )
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


@cli.command(epilog=example("trainer anchors demo/dataset --k 6 --size 320"))
@click.argument("data")
@click.option("--k", "count", type=click.IntRange(1, 100), default=9, show_default=True, help="How many.")
@click.option("--size", type=click.IntRange(min=32), default=416, show_default=True, help="Input side, in pixels.")
@click.option("--classes", default="person", show_default=True, help="Names, separated by commas.")
@boxes_option
@format_option
@json_option
def anchors(data: str, count: int, size: int, classes: str, boxes: str, kind: Optional[str], as_json: bool) -> int:
    """Fit anchors to the boxes of DATA: k-means under 1 - IoU, in the order of a .cfg.

    Prints their mean IoU with the boxes, and the best possible recall: the share of boxes with an anchor whose width
    and height are both within a factor of 4.
    """
    from .anchors import anchor_fit
    from .convert import class_list
    from .readers import read_data

    fitted = anchor_fit(read_data(data, class_list(classes), boxes, kind), count, size)
    if as_json:
        _print_json(fitted.to_json())
    else:
        click.echo(fitted.text())
    return OK


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
@click.option("--augment", type=click.IntRange(min=1), metavar="N", help="Draw N augmented pictures into --out.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="For --augment, such as augment.mosaic=1.")
@click.option("--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Of --augment.")
@click.option("--out", type=_FILE, help="Folder for the sheets of --show and --augment.")
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
    augment: Optional[int],
    settings: tuple,
    seed: int,
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
    if (show is None and augment is None) != (out is None):
        raise click.UsageError("--show or --augment go with --out: how many pictures, and the folder for them")
    from .convert import class_list
    from .doctor import examine
    from .doctor.output import text, write_sheet

    seen = examine(data, class_list(classes), kind, boxes, size, against)
    if card is not None:
        from .doctor.card import write_card

        note(f"card: {write_card(card, seen)}")
    if show is not None:
        note(f"labels: {write_sheet(out, seen, show)}")
    if augment is not None:
        from .config import resolve
        from .doctor.augmented import write_augment_sheets

        limits = resolve(None, settings, {}).augment
        drawn, each = write_augment_sheets(out, seen, limits, augment, seed)
        note(f"augmented: {drawn}; each augmentation: {each}")
    if as_json:
        _print_json(seen.to_json(strict))
    else:
        click.echo(text(seen, strict))
    return FAILED if seen.failed(strict) else OK


@cli.group()
def weights() -> None:
    """Weights of darknet's format, in and out."""


@weights.command("import", epilog=example("trainer weights import --cfg v3.cfg --weights v3.weights --out v3.keras"))
@click.option("--cfg", type=_FILE, required=True, help="The network's layers.")
@click.option("--weights", "weight_file", type=_FILE, required=True, help="Its weight file.")
@click.option("--out", type=_FILE, required=True, metavar="MODEL.keras", help="The file to write.")
@click.option("--names", type=_FILE, help="Class names, one a line.  [default: FILE.names, or COCO's if 80]")
@json_option
def import_weights(cfg: Path, weight_file: Path, out: Path, names: Optional[Path], as_json: bool) -> int:
    """Write a darknet detector as a .keras file, which Keras opens without this program."""
    load_quietly()
    from .weights import import_darknet

    return _print_weights(import_darknet(cfg, weight_file, out, names), as_json)


@weights.command("export", epilog=example("trainer weights export run --out ward.weights"))
@click.argument("model")
@click.option("--out", type=_FILE, required=True, metavar="FILE.weights", help="The file to write.")
@json_option
def export_weights(model: str, out: Path, as_json: bool) -> int:
    """Write MODEL for darknet, OpenCV and others: the weight file, and beside it its .cfg and .names."""
    load_quietly()
    from .weights import export_darknet

    return _print_weights(export_darknet(model, out), as_json)


def _print_weights(result: dict, as_json: bool) -> int:
    from .weights import summary

    if as_json:
        _print_json(result)
    else:
        click.echo(summary(result))
    return OK


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
