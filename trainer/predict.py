"""`trainer predict`: detections in pictures, drawn and as COCO results."""

from __future__ import annotations

import glob
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from PIL import Image

from shared_format import atomic
from shared_format.label_set import image_ids

from .detect import EVALUATION_CONFIDENCE, Detections, Detector
from .draw import SHOWN_CONFIDENCE, draw_detections
from .errors import PictureError, TrainerError
from .evaluation.coco import coco_results
from .examples import split_slice
from .pictures import SUFFIXES, load_picture, pictures_in
from .progress import Progress, note
from .readers import read_data, recognise

SCHEMA_VERSION = 1


@dataclass(frozen=True)
class Source:
    """A picture to look at and the id its detections carry."""

    path: Path
    image_id: int


def find_sources(names: Sequence[str]) -> list:
    """The pictures that the command line's SOURCEs mean: pictures, folders, globs, and DATA with its own ids.

    Raises:
        TrainerError: a name that means nothing, or no picture in a folder.
    """
    sources: list = []
    loose: list = []
    for name in names:
        if _is_data(name):
            sources += [Source(example.path, example.image_id) for example in read_data(name, classes=()).examples]
        else:
            loose += _loose_pictures(name)
    sources += [Source(path, image_id) for path, image_id in zip(loose, image_ids(loose))]
    if len({source.image_id for source in sources}) < len(sources):
        raise TrainerError("two pictures would have the same image id; predict these sources one by one")
    return sources


def _is_data(name: str) -> bool:
    path = Path(split_slice(name)[0])
    if path.is_file():
        return path.suffix.lower() in (".json", ".txt", ".yaml", ".yml")
    if not path.is_dir():
        return False
    try:
        recognise(path)
    except TrainerError:
        return False  # a plain folder of pictures
    return True


def _loose_pictures(name: str) -> list:
    path = Path(name)
    if path.is_dir():
        found = list(pictures_in(path))
        if not found:
            raise TrainerError(f"{name}: no pictures in this folder ({', '.join(SUFFIXES)})")
        return found
    if path.is_file():
        return [path]
    found = sorted(Path(match) for match in glob.glob(name, recursive=True) if Path(match).is_file())
    if not found:
        raise TrainerError(f"{name}: no such picture, folder or pattern")
    return found


@dataclass(frozen=True)
class PredictRequest:
    """What to do with the detections. ``confidence`` None: 0.25, and the COCO file down to 0.001."""

    out: Optional[Path] = None
    coco: Optional[Path] = None
    confidence: Optional[float] = None
    nms: float = 0.45


def predict(detector: Detector, sources: Sequence[Source], request: PredictRequest) -> dict:
    """Look at every source; write drawings and the COCO file as asked.

    A picture that cannot be read is named on standard error and in ``failed``; the others go on.

    Returns:
        ``schema_version``, ``pictures``: ``[{file, image_id, detections: [{category, score, bbox}]}]`` above
        the shown confidence, ``failed``: ``[{file, error}]``.
    """
    shown = SHOWN_CONFIDENCE if request.confidence is None else request.confidence
    lowest = EVALUATION_CONFIDENCE if request.coco is not None and request.confidence is None else shown
    classes, drawings = detector.spec.classes, _drawing_names(sources, request.out)
    seen: list = []
    failed: list = []
    with Progress(len(sources), "predicting", "pictures") as progress:
        waiting: list = []
        pictures = _readable(sources, waiting, failed, progress)
        for detections in detector.detect(pictures, lowest, request.nms):
            source, picture = waiting.pop(0)
            seen.append((source, detections))
            if request.out is not None:
                _save_drawing(drawings[source], draw_detections(picture, detections.above(shown), classes))
            progress.advance()
    if request.coco is not None:
        _write_coco(request.coco, seen, detector)
    return {
        "schema_version": SCHEMA_VERSION,
        "pictures": [_described(source, found.above(shown), classes) for source, found in seen],
        "failed": failed,
    }


def _readable(sources: Sequence[Source], waiting: list, failed: list, progress: Progress) -> Iterator[Image.Image]:
    """Yield the pictures that can be read, leaving (source, picture) of each in ``waiting``."""
    for source in sources:
        try:
            picture = load_picture(source.path)
        except PictureError as error:
            note(str(error))
            failed.append({"file": str(source.path), "error": str(error)})
            progress.advance()
        else:
            waiting.append((source, picture))
            yield picture


def _drawing_names(sources: Sequence[Source], out: Optional[Path]) -> dict:
    """The file of each drawing; the id goes into the name where stems repeat. Never over a source."""
    if out is None:
        return {}
    stems = [source.path.stem for source in sources]
    names = {
        source: out / (f"{stem}.jpg" if stems.count(stem) == 1 else f"{stem}_{source.image_id}.jpg")
        for source, stem in zip(sources, stems)
    }
    originals = {source.path.resolve() for source in sources}
    for path in names.values():
        if path.resolve() in originals:
            raise TrainerError(f"{out}: the drawing {path.name} would replace its source; choose another --out")
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TrainerError(f"{out}: cannot be written: {error.strerror}") from error
    return names


def _save_drawing(path: Path, picture: Image.Image) -> None:
    temporary = atomic.temporary_path(path)
    picture.save(temporary, quality=92)
    atomic.commit(temporary, path)


def _write_coco(path: Path, seen: Sequence[tuple], detector: Detector) -> None:
    results = coco_results(
        [detections for _, detections in seen],
        [(source.image_id, source.path.name) for source, _ in seen],
        detector.spec.classes,
        detector.spec.category_ids,
    )
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        atomic.write_json(path, results)
    except OSError as error:
        raise TrainerError(f"{path}: cannot be written: {error.strerror}") from error


def _described(source: Source, detections: Detections, classes: Sequence[str]) -> dict:
    return {
        "file": str(source.path),
        "image_id": source.image_id,
        "detections": [
            {"category": classes[label], "score": float(score), "bbox": box.tolist()}
            for box, score, label in zip(detections.boxes, detections.scores, detections.labels)
        ],
    }


def describe(picture: dict) -> str:
    """One line of text for a row of ``pictures``."""
    found = [
        f"{one['category']} {one['score']:.2f} [{', '.join(f'{side:.0f}' for side in one['bbox'])}]"
        for one in picture["detections"]
    ]
    return f"{picture['file']}: {'; '.join(found) or 'nothing found'}"
