"""The words of ``wardsynth``: generate, merge, preview, spec, presets. The same behind every door.

Results go to standard output, progress to standard error. Exit codes: 0 all asked-for images are
there and verified, 1 some failed, 2 wrong use (one line, nothing written), 130 stopped by Ctrl-C, 141
nobody reads the results.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, NoReturn, Optional

from .dataset_format import atomic, dataset, errors
from .draw import config as draw_settings
from .draw import sample
from .draw.furniture import pack
from .job import Job, JobError, merge, merge_datasets, run_job
from .job.worker import serve
from .render.requirements import DEVICES, missing_requirement


class UsageError(ValueError):
    """Wrong use; the message is the one line the user sees."""


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message} (see {self.prog} --help)")


def main(arguments: Optional[Sequence[str]] = None) -> NoReturn:
    """Run the command line and exit with its code; inside Blender the arguments are those after ``--``."""
    if arguments is None:
        arguments = sys.argv[1:]
        if _inside_blender():
            arguments = sys.argv[sys.argv.index("--") + 1 :] if "--" in sys.argv else []
    try:
        code = run(list(arguments))
        sys.stdout.flush()
        sys.stderr.flush()
    except BrokenPipeError:  # who reads the output has seen enough, as `head` has
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 141
    raise SystemExit(code)


def run(arguments: Sequence[str]) -> int:
    """Run the command line; returns the exit code."""
    try:
        options = _parser().parse_args(list(arguments))
        return options.run(options)
    except (UsageError, draw_settings.ConfigError, JobError, errors.FormatError) as error:
        print(f"wardsynth: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nwardsynth: stopped; what is written is whole, --resume goes on", file=sys.stderr)
        return 130


def _generate(options: argparse.Namespace) -> int:
    config = _config(options)
    if not options.ray:
        _require_renderer(config, options.device)
    names = [field.name for field in fields(Job) if field.name != "config"]
    job = Job(config=config, **{name: getattr(options, name) for name in names})
    return _report(run_job(job), job.out, job.seed, options.json, "made")


def _merge(options: argparse.Namespace) -> int:
    outcome = merge_datasets(options.folders, options.out, options.resume)
    absent = merge.gaps(dataset.frame_indices(options.out))
    if absent:
        print(f"wardsynth: {absent} images between the first and the last are in no shard", file=sys.stderr)
    return _report(outcome, options.out, dataset.read_info(options.out).seed, options.json, "copied")


def _report(outcome: Any, out: Path, seed: int, as_json: bool, verb: str) -> int:
    """Say how a job ended; returns the exit code."""
    for index, reason in outcome.failed:
        print(f"wardsynth: image {index} of seed {seed} failed: {reason}", file=sys.stderr)
    if outcome.stopped:
        print(f"wardsynth: stopped: {outcome.stopped}", file=sys.stderr)
    absent = len(outcome.failed) + outcome.untried
    if absent:
        print(f"wardsynth: {absent} images are missing; --resume tries them again", file=sys.stderr)
    if as_json:
        failed = [{"index": index, "seed": seed, "reason": reason} for index, reason in outcome.failed]
        result = {
            "schema_version": 1,
            "out": str(out),
            "made": outcome.made,
            "kept": outcome.kept,
            "verified": outcome.verified,
            "failed": failed,
            "untried": outcome.untried,
            "stopped": outcome.stopped,
        }
        print(json.dumps(result))
    else:
        kept = f", {outcome.kept} were there" if outcome.kept else ""
        again = f", {outcome.verified} made once more and the same" if outcome.verified and outcome.is_complete else ""
        print(f"{outcome.made} images {verb}{kept}{again}: {out}")
    return 0 if outcome.is_complete else 1


def _preview(options: argparse.Namespace) -> int:
    config = _config(options)
    if options.out.suffix.lower() not in (".png", ".jpg"):
        raise UsageError(f"--out {options.out}: expected an image ending in .png or .jpg")
    if options.labels and options.out.suffix.lower() != ".png":
        raise UsageError(f"--out {options.out}: with --labels the image is a .png")
    if not options.out.absolute().parent.is_dir():
        raise UsageError(f"--out {options.out}: its folder does not exist")
    _require_renderer(config, options.device)
    from .quiet import quiet_stdout

    with quiet_stdout():
        _write_preview(options, config)
    print(options.out)
    return 0


def _write_preview(options: argparse.Namespace, config: dict) -> None:
    from .image_renderer import render_image
    from .overlay import draw_labels
    from .render.image_file import decode, encode_png

    image = render_image(config, options.seed, options.index, options.device)
    content = image.image
    if options.out.suffix.lower() == ".png":
        pixels = decode(content)
        content = encode_png(draw_labels(pixels, image.frame) if options.labels else pixels)
    try:
        atomic.write_bytes(options.out, content)
    except OSError as error:
        raise UsageError(f"--out {options.out}: cannot be written: {error.strerror}") from error


def _spec(options: argparse.Namespace) -> int:
    spec = sample(_config(options), options.seed, options.index)
    print(json.dumps(spec.to_json(), indent=None if options.json else 2))
    return 0


def _presets(options: argparse.Namespace) -> int:
    if options.name:
        resolved = draw_settings.resolve(options.name)
        print(json.dumps({"schema_version": 1, "name": options.name, "config": resolved}, indent=2))
        return 0
    described = {name: draw_settings.preset(name)["description"] for name in draw_settings.preset_names()}
    if options.json:
        print(json.dumps({"schema_version": 1, "presets": described}))
    else:
        for name, text in described.items():
            print(f"{name:14} {text}")
        print(pack.offer(), file=sys.stderr)
    return 0


def _worker(options: argparse.Namespace) -> int:
    return serve()


def _config(options: argparse.Namespace) -> dict:
    pairs = list(options.set)
    if options.size is not None:
        pairs.append(f"render.size={json.dumps(options.size)}")
    if options.samples is not None:
        pairs.append(f"render.samples={options.samples}")
    return draw_settings.resolve(options.preset, options.config, pairs)


def _require_renderer(config: dict, device: str) -> None:
    """Say so, before anything is written, where this process cannot render, or not well."""
    if said := missing_requirement(device):
        raise UsageError(said)
    from .render.cycles import can_denoise

    if config["render.denoise"] and not can_denoise():
        print(
            "wardsynth: this Blender was built without OpenImageDenoise, images will be grainy; "
            "--samples 32 helps, at the price of time",
            file=sys.stderr,
        )


def _inside_blender() -> bool:
    return "bpy" in sys.modules and bool(sys.modules["bpy"].app.binary_path)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(prog="wardsynth", description="Generate labelled images of hospital rooms and the people in them.")
    words = parser.add_subparsers(title="commands", required=True, metavar="COMMAND", parser_class=_Parser)
    scene = _scene_options()

    generate = _word(
        words, "generate", _generate, scene, "make a dataset", "generate --out ward --count 100 --workers 2"
    )
    generate.add_argument("--out", type=Path, required=True, metavar="DIR", help="the dataset folder, new or empty")
    generate.add_argument(
        "--count", type=_at_least(1), default=Job.count, metavar="N", help="how many images (default %(default)s)"
    )
    generate.add_argument(
        "--start", type=_at_least(0), default=Job.start, metavar="K", help="the first image (default %(default)s)"
    )
    generate.add_argument(
        "--shard", type=_shard, default=Job.shard, metavar="I/N", help="the I-th of N parts, I from 1 to N"
    )
    generate.add_argument("--resume", action="store_true", help="go on with a dataset that was begun")
    generate.add_argument(
        "--workers", type=_at_least(1), default=Job.workers, metavar="N", help="processes (default %(default)s)"
    )
    generate.add_argument(
        "--ray",
        default=Job.ray,
        metavar="ADDRESS",
        help="make the images on a Ray cluster: auto, local or ray://HOST:PORT",
    )
    generate.add_argument(
        "--verify",
        type=_percent,
        default=Job.verify,
        metavar="K",
        help="make K per cent of the images again and compare",
    )
    generate.add_argument(
        "--time-limit",
        dest="time_limit_s",
        type=_seconds,
        default=Job.time_limit_s,
        metavar="S",
        help="of an image (default %(default)g)",
    )
    generate.add_argument(
        "--memory-limit",
        dest="memory_limit_mb",
        type=_at_least(1),
        default=Job.memory_limit_mb,
        metavar="MB",
        help="a process that holds more after an image is replaced (default %(default)s)",
    )
    generate.add_argument(
        "--recycle",
        type=_at_least(1),
        default=Job.recycle,
        metavar="K",
        help="a process is replaced after K (default %(default)s)",
    )
    generate.add_argument("--json", action="store_true", help="print the outcome as one JSON object")

    merge = _word(words, "merge", _merge, None, "join shards into one dataset", "merge shard-1 shard-2 --out ward")
    merge.add_argument("folders", type=Path, nargs="+", metavar="DIR", help="a shard: a dataset of the same config")
    merge.add_argument("--out", type=Path, required=True, metavar="DIR", help="the dataset folder, new or empty")
    merge.add_argument("--resume", action="store_true", help="go on with a merge that was begun")
    merge.add_argument("--json", action="store_true", help="print the outcome as one JSON object")

    preview = _word(words, "preview", _preview, scene, "make one image", "preview --index 7 --out seven.png --labels")
    preview.add_argument("--index", type=_at_least(0), required=True, metavar="K", help="which image of the dataset")
    preview.add_argument("--out", type=Path, required=True, metavar="PICTURE.png", help="where to write it")
    preview.add_argument("--labels", action="store_true", help="draw boxes and key points on it")

    spec = _word(words, "spec", _spec, scene, "print what is drawn for one image, as JSON", "spec --index 7")
    spec.add_argument("--index", type=_at_least(0), required=True, metavar="K", help="which image of the dataset")
    spec.add_argument("--json", action="store_true", help="on one line")

    presets = _word(words, "presets", _presets, None, "list the presets, or print one resolved", "presets room")
    presets.add_argument("name", nargs="?", metavar="NAME", help="the preset to print, every setting with its value")
    presets.add_argument("--json", action="store_true", help="print as one JSON object")

    worker = words.add_parser("worker", help=argparse.SUPPRESS)
    worker.set_defaults(run=_worker)
    return parser


def _word(words: Any, name: str, function: Any, scene: Any, text: str, example: str) -> argparse.ArgumentParser:
    parents = [scene] if scene is not None else []
    word = words.add_parser(name, help=text, description=text, epilog=f"example: wardsynth {example}", parents=parents)
    word.set_defaults(run=function)
    return word


def _scene_options() -> argparse.ArgumentParser:
    scene = argparse.ArgumentParser(add_help=False)
    scene.add_argument(
        "--preset", metavar="NAME", help=f"what to draw (default {draw_settings.DEFAULT_PRESET}); see presets"
    )
    scene.add_argument("--config", type=Path, metavar="FILE.json", help="settings to set, as a JSON object")
    scene.add_argument("--set", action="append", default=[], metavar="KEY=VALUE", help="one setting; can be repeated")
    scene.add_argument("--seed", type=_at_least(0), default=0, metavar="S", help="the dataset's seed (default 0)")
    scene.add_argument("--size", type=_size, metavar="WxH", help="image size in pixels, e.g. 416x416")
    scene.add_argument("--samples", type=_at_least(1), metavar="N", help="Cycles samples a pixel")
    scene.add_argument("--device", choices=DEVICES, default=Job.device, help="what renders (default %(default)s)")
    return scene


def _at_least(least: int) -> Any:
    def whole_number(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"received {text!r}, expected a whole number") from None
        if value < least:
            raise argparse.ArgumentTypeError(f"received {value}, expected at least {least}")
        if value >= 2**32:
            raise argparse.ArgumentTypeError(f"received {value}, expected less than 4294967296")
        return value

    return whole_number


def _percent(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"received {text!r}, expected a number of per cent") from None
    if not 0 <= value <= 100:
        raise argparse.ArgumentTypeError(f"received {text}, expected 0 to 100 per cent")
    return value


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"received {text!r}, expected seconds") from None
    if not 0 < value <= 86_400:
        raise argparse.ArgumentTypeError(f"received {text}, expected more than 0 and at most 86400 seconds")
    return value


def _size(text: str) -> list:
    sides = text.lower().split("x")
    if len(sides) != 2 or not all(side.isdigit() for side in sides):
        raise argparse.ArgumentTypeError(f"received {text!r}, expected WxH such as 416x416")
    return [int(side) for side in sides]


def _shard(text: str) -> tuple:
    parts = text.split("/")
    if len(parts) != 2 or not all(part.isdigit() for part in parts) or not 1 <= int(parts[0]) <= int(parts[1]):
        raise argparse.ArgumentTypeError(f"received {text!r}, expected I/N with 1 <= I <= N, such as 1/4")
    return int(parts[0]), int(parts[1])
