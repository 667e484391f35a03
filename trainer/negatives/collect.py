"""`trainer negatives open-images`: chooses images, downloads them if requested, writes them as DATA without boxes."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from shared_format import atomic, coco, dataset, keras_yolo3
from shared_format.dataset import read_json

from ..disk_errors import writing
from ..errors import TrainerError
from ..examples.images import load_image
from ..formats.class_names import CLASSES_FILE, write_class_names
from ..progress import Progress, note
from ..stop import StopRequest
from .download import Downloader, Patience, Wanted
from .open_images import PEOPLE, PROVENANCE, Choice, Lists, choose

SCHEMA_VERSION = 1
SELECTION, PROVENANCE_FILE, DOWNLOAD_LIST = "negatives.json", "negatives.csv", "download.txt"
# The public mirror that Open Images' own downloader reads from.
ADDRESS = "https://open-images-dataset.s3.amazonaws.com/{Subset}/{ImageID}.jpg"
_NOT_STATED = "not stated"


@dataclass(frozen=True)
class NegativesRequest:
    """The selection of images, and where to fetch them.

    Attributes:
        lists: the published files.
        out: the folder; an unfinished one of the same selection is resumed.
        count, seed, people, verified: as of ``open_images.choose``.
        download: fetch the images; nothing touches the network otherwise.
        address: where images are: with the columns of their list in braces, or a folder of ``SUBSET/ID.jpg``.
        workers, patience: as of ``download.Downloader``.
    """

    lists: Lists
    out: Path
    count: int = 1000
    seed: int = 1234
    people: tuple = PEOPLE
    verified: bool = False
    download: bool = False
    address: str = ADDRESS
    workers: int = 8
    patience: Patience = field(default_factory=Patience)


def collect(request: NegativesRequest) -> dict[str, object]:  # JSON, with other keys before and after downloading
    """Choose images, and download them if requested.

    ``out`` then holds ``negatives.csv`` (licence, author and origin of every image), ``download.txt`` (the list that
    Open Images' own downloader takes), ``negatives.json`` (how they were chosen), ``annotations.txt`` (bare paths of
    all that were chosen, or once fetched of those that are there) and, of those that are there, ``images/`` and
    ``coco.json``, in which each has its licence among its attributes.

    Returns:
        ``out``, ``listed``, ``with_people``, ``free``, ``chosen``, ``removed_classes``, ``licences`` (how many of
        each), ``there``, ``failed`` (id -> why), ``interrupted``.

    Raises:
        TrainerError: unusable lists, an address that names no column, or another choice in ``out``.
    """
    choice = choose(request.lists, request.count, request.seed, request.people, request.verified)
    if not choice.rows:
        raise TrainerError(
            f"{request.out}: no image can be selected: {choice.free} of {choice.listed} listed images qualify"
        )
    if len(choice.rows) < request.count:
        note(f"{request.count} images were requested; all {len(choice.rows)} that qualify are used")
    addresses = {row["ImageID"]: _address(request.address, row) for row in choice.rows}
    result = _describe(request, choice)
    _begin(request.out, result)
    _write_lists(request.out, choice.rows, addresses)
    if not request.download:
        _write_annotations(request.out, [row["ImageID"] for row in choice.rows])
        return {**result, "there": 0, "failed": {}, "interrupted": False}
    sizes, failed, interrupted = _fetch(request, choice, addresses)
    if sizes:
        _write_annotations(request.out, list(sizes))
        _write_coco(request.out, [row for row in choice.rows if row["ImageID"] in sizes], sizes)
    return {**result, "there": len(sizes), "failed": failed, "interrupted": interrupted}


def summary(result: dict) -> str:
    """Lines for people."""
    licences = ", ".join(f"{count} {name}" for name, count in result["licences"].items())
    lines = [
        f"{result['listed']} images listed, {result['with_people']} with people "
        f"({len(result['removed_classes'])} classes), {result['free']} to choose from",
        f"{result['out']}: {result['chosen']} chosen, {result['there']} there; licences: {licences}",
    ]
    if result["failed"]:
        image, why = next(iter(result["failed"].items()))
        lines.append(f"{len(result['failed'])} failed, such as {image}: {why}; the same command tries them again")
    return "\n".join(lines)


def _describe(request: NegativesRequest, choice: Choice) -> dict[str, object]:
    licences: dict[str, int] = {}
    for row in choice.rows:
        name = row.get("License") or _NOT_STATED
        licences[name] = licences.get(name, 0) + 1
    files = {
        "images": [path.name for path in request.lists.images],
        "labels": [path.name for path in request.lists.labels],
        "classes": request.lists.classes.name,
        "hierarchy": request.lists.hierarchy.name,
    }
    return {
        "schema_version": SCHEMA_VERSION,
        "out": str(request.out),
        "lists": files,
        "count": request.count,
        "seed": request.seed,
        "verified": request.verified,
        "removed_classes": list(choice.removed_classes),
        "listed": choice.listed,
        "with_people": choice.with_people,
        "free": choice.free,
        "chosen": len(choice.rows),
        "licences": licences,
    }


def _begin(out: Path, result: dict) -> None:
    """Create the folder, or check that it holds an unfinished selection of the same kind. Raises TrainerError."""
    known = {name: value for name, value in result.items() if name != "out"}
    path = out / SELECTION
    if path.is_file():
        _refuse_another(out, read_json(path), known)
    elif out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise TrainerError(f"{out}: already exists; give --out a new folder, or one that this command created")
    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
        atomic.write_json(path, known)


def _refuse_another(out: Path, before: object, now: dict) -> None:
    """Raise TrainerError if anything but a larger count differs from the selection that the folder holds."""
    known = before if isinstance(before, dict) else {}
    for name, value in now.items():
        grows = name in ("chosen", "count") and value >= known.get(name, value)
        if known.get(name) != value and not grows and name != "licences":
            raise TrainerError(
                f"{out}: holds a selection with {name} {str(known.get(name))[:60]}, now {str(value)[:60]}; "
                "choose another --out"
            )


def _address(address: str, row: dict) -> str:
    template = address if "{" in address else f"{address.rstrip('/')}/{{Subset}}/{{ImageID}}.jpg"
    try:
        return template.format_map({"Subset": "train", **row})
    except (KeyError, ValueError, IndexError, AttributeError) as error:
        columns = ", ".join(PROVENANCE)
        raise TrainerError(
            f"--address {address}: {error} is not a column of the list of images; its columns are {columns}"
        ) from error


def _write_lists(out: Path, rows: Sequence[dict], addresses: dict) -> None:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["file", *PROVENANCE, "address"])
    for row in rows:
        image = row["ImageID"]
        writer.writerow([_file(image), *(row.get(name) or _NOT_STATED for name in PROVENANCE), addresses[image]])
    atomic.write_bytes(out / PROVENANCE_FILE, stream.getvalue().encode())
    listed = "".join(f"{row.get('Subset') or 'train'}/{row['ImageID']}\n" for row in rows)
    atomic.write_bytes(out / DOWNLOAD_LIST, listed.encode())


def _file(image: str) -> str:
    return f"{dataset.IMAGES}/{image}{dataset.IMAGE_SUFFIX}"


def _write_annotations(out: Path, images: Sequence[str]) -> None:
    atomic.write_bytes(out / keras_yolo3.ANNOTATION_FILE, "".join(f"{_file(image)}\n" for image in images).encode())
    write_class_names(out / CLASSES_FILE, ("person",))


class _Fetched(NamedTuple):
    """(width, height) of the images that are there, why others are not, and whether the user stopped it."""

    sizes: dict[str, tuple[int, int]]
    failed: dict[str, str]
    interrupted: bool


def _fetch(request: NegativesRequest, choice: Choice, addresses: dict[str, str]) -> _Fetched:
    (request.out / dataset.IMAGES).mkdir(exist_ok=True)
    wanted = [Wanted(addresses[row["ImageID"]], request.out / _file(row["ImageID"])) for row in choice.rows]
    downloader = Downloader(lambda path: load_image(path).size, request.workers, request.patience)
    sizes, failed = {}, {}
    with StopRequest() as stop, Progress(len(wanted), "fetching", "images") as progress:
        for fetched in downloader.fetch(wanted, lambda: stop.requested):
            if fetched.error is None:
                sizes[fetched.wanted.path.stem] = fetched.known
            else:
                failed[fetched.wanted.path.stem] = fetched.error
            progress.advance()
    return _Fetched(sizes, failed, len(sizes) + len(failed) < len(wanted))


def _write_coco(out: Path, rows: Sequence[dict], sizes: dict) -> None:
    """``coco.json``: no boxes; the origin of each image is in its attributes."""
    licences = list(dict.fromkeys(row.get("License") or _NOT_STATED for row in rows))
    images = []
    for number, row in enumerate(rows, start=1):
        width, height = sizes[row["ImageID"]]
        attributes = {"source": "open-images", **{name: row[name] for name in PROVENANCE if row.get(name)}}
        images.append(
            {
                "id": number,
                "file_name": Path(_file(row["ImageID"])).name,
                "width": width,
                "height": height,
                "license": licences.index(row.get("License") or _NOT_STATED) + 1,
                "attributes": attributes,
            }
        )
    value = {
        "info": {"description": "Open Images V6 without people"},
        "licenses": [{"id": number, "name": name, "url": name} for number, name in enumerate(licences, start=1)],
        "images": images,
        "annotations": [],
        "categories": [{"id": 1, "name": "person", "supercategory": "person"}],
    }
    atomic.write_json(out / coco.ANNOTATION_FILE, value)
