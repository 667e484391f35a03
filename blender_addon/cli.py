"""The command line of ``wardsynth``: generate, merge, preview, spec, presets; the same from every entry point.

Results go to standard output, progress to standard error. Exit codes: 0 all requested images are there and verified,
1 some failed, 2 wrong usage (one line, nothing written), 130 stopped by Ctrl-C, 141 the reader of the results is gone.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn, Optional

from .arguments import UsageError, build_parser, config_of
from .dataset_format import atomic, dataset, errors
from .draw import config as draw_settings
from .draw import sample
from .draw.furniture import pack
from .job import Job, JobError, Outcome, merge, merge_datasets, run_job
from .job.worker import serve
from .memory import find_image_memory_problem
from .render.requirements import missing_requirement


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
    except BrokenPipeError:  # the reader of the output has closed it, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 141
    raise SystemExit(code)


def run(arguments: Sequence[str]) -> int:
    """Run the command line; returns the exit code."""
    try:
        options = build_parser().parse_args(list(arguments))
        return _COMMANDS[options.command](options)
    except (UsageError, draw_settings.ConfigError, JobError, errors.FormatError) as error:
        print(f"wardsynth: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nwardsynth: stopped; finished images are kept, --resume renders the others", file=sys.stderr)
        return 130


def _generate(options: argparse.Namespace) -> int:
    config = config_of(options)
    if not options.ray:
        _require_renderer(config, options.device)
    job = Job(
        out=options.out,
        config=config,
        seed=options.seed,
        start=options.start,
        count=options.count,
        shard=options.shard,
        resume=options.resume,
        workers=options.workers,
        ray=options.ray,
        device=options.device,
        verify=options.verify,
        time_limit_s=options.time_limit_s,
        memory_limit_mb=options.memory_limit_mb,
        recycle=options.recycle,
    )
    return _report(run_job(job), job.out, job.seed, options.json, "rendered")


def _merge(options: argparse.Namespace) -> int:
    outcome = merge_datasets(options.folders, options.out, options.resume)
    if missing := merge.count_gaps(dataset.frame_indices(options.out)):
        print(f"wardsynth: {missing} images between the first and the last are in no shard", file=sys.stderr)
    return _report(outcome, options.out, dataset.read_info(options.out).seed, options.json, "copied")


def _report(outcome: Outcome, out: Path, seed: int, as_json: bool, verb: str) -> int:
    """Print how a job ended; returns the exit code."""
    for index, reason in outcome.failed:
        print(f"wardsynth: image {index} of seed {seed} failed: {reason}", file=sys.stderr)
    if outcome.stopped:
        print(f"wardsynth: stopped: {outcome.stopped}", file=sys.stderr)
    if missing := len(outcome.failed) + outcome.untried:
        print(f"wardsynth: {missing} images are missing; --resume tries them again", file=sys.stderr)
    if as_json:
        print(json.dumps(_outcome_json(outcome, out, seed)))
    else:
        kept = f", {outcome.kept} were already there" if outcome.kept else ""
        verified = f", {outcome.verified} rendered again and identical" if outcome.verified else ""
        print(f"{outcome.written} images {verb}{kept}{verified}: {out}")
    return 0 if outcome.is_complete else 1


def _outcome_json(outcome: Outcome, out: Path, seed: int) -> dict[str, object]:
    return {
        "schema_version": 1,
        "out": str(out),
        "made": outcome.written,
        "kept": outcome.kept,
        "verified": outcome.verified,
        "failed": [{"index": index, "seed": seed, "reason": reason} for index, reason in outcome.failed],
        "untried": outcome.untried,
        "stopped": outcome.stopped or "",
    }


def _preview(options: argparse.Namespace) -> int:
    config = config_of(options)
    if options.out.suffix.lower() not in (".png", ".jpg"):
        raise UsageError(f"--out {options.out}: expected a file name ending in .png or .jpg")
    if options.labels and options.out.suffix.lower() != ".png":
        raise UsageError(f"--out {options.out}: with --labels the file name must end in .png")
    if not options.out.absolute().parent.is_dir():
        raise UsageError(f"--out {options.out}: its folder does not exist")
    _require_renderer(config, options.device)
    from .quiet import quiet_stdout

    with quiet_stdout():
        _write_preview(options, config)
    print(options.out)
    return 0


def _write_preview(options: argparse.Namespace, config: dict) -> None:
    from .construct.library import LibraryError
    from .image_renderer import render_image
    from .label.checks import LabelError
    from .overlay import draw_labels
    from .render.image_file import decode, encode_png

    try:
        image = render_image(config, options.seed, options.index, options.device)
    except (LibraryError, LabelError) as error:
        raise UsageError(str(error)) from error
    content = image.image
    if options.out.suffix.lower() == ".png":
        pixels = decode(content)
        content = encode_png(draw_labels(pixels, image.frame) if options.labels else pixels)
    try:
        atomic.write_bytes(options.out, content)
    except OSError as error:
        raise UsageError(f"--out {options.out}: cannot be written: {error.strerror}") from error


def _spec(options: argparse.Namespace) -> int:
    spec = sample(config_of(options), options.seed, options.index)
    print(json.dumps(spec.to_json(), indent=None if options.json else 2))
    return 0


def _presets(options: argparse.Namespace) -> int:
    if options.name:
        resolved = draw_settings.resolve(options.name)
        print(json.dumps({"schema_version": 1, "name": options.name, "config": resolved}, indent=2))
        return 0
    descriptions = {name: draw_settings.preset(name)["description"] for name in draw_settings.preset_names()}
    if options.json:
        print(json.dumps({"schema_version": 1, "presets": descriptions}))
    else:
        for name, text in descriptions.items():
            print(f"{name:14} {text}")
        print(pack.offer(), file=sys.stderr)
    return 0


def _serve_worker(_options: argparse.Namespace) -> int:
    serve()


_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "generate": _generate,
    "merge": _merge,
    "preview": _preview,
    "spec": _spec,
    "presets": _presets,
    "worker": _serve_worker,
}


def _require_renderer(config: dict, device: str) -> None:
    """Refuse before anything is written if this process cannot render; warn if it cannot denoise."""
    if problem := missing_requirement(device) or find_image_memory_problem(config["render.size"]):
        raise UsageError(problem)
    from .construct.room_content import require_unchanged_room
    from .render.cycles import can_denoise

    require_unchanged_room(config)
    if config["render.denoise"] and not can_denoise():
        print(
            "wardsynth: this Blender was built without OpenImageDenoise, so images will be grainy; "
            "--samples 32 gives cleaner but slower images",
            file=sys.stderr,
        )


def _inside_blender() -> bool:
    return "bpy" in sys.modules and bool(sys.modules["bpy"].app.binary_path)
