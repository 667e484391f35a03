"""The names of classes that label files only number: where programs put them, and our ``classes.txt``."""

# Values of parsed JSON are of unknown types until they are checked, which is what this module does.
# pyright: reportUnknownMemberType=false, reportUnknownVariableType=false, reportUnknownArgumentType=false

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from shared_format import atomic
from shared_format.dataset import read_json
from shared_format.errors import FormatError

from .files import entries, is_file, text_lines

CLASSES_FILE = "classes.txt"
LABEL_STUDIO_NOTES = "notes.json"
# One name per line: ours and labelImg's, Roboflow's of keras-yolo3 text and of darknet, darknet's and CVAT's.
_NAME_LISTS = (CLASSES_FILE, "_classes.txt", "_darknet.labels", "obj.names")


def read_class_names(path: Path) -> tuple[str, ...]:
    """The names in ``path``, one per line in the order of the numbers; () where it is no file. Raises FormatError."""
    return tuple(text_lines(path)) if path.is_file() else ()


def names_in(folder: Path) -> tuple[str, ...]:
    """The class names that a list in ``folder`` gives, as any known program names it; () without one.

    Raises:
        FormatError: the list cannot be read.
    """
    for path in _lists(folder):
        names = read_class_names(path)
        if names:
            return names
    return _label_studio_names(folder / LABEL_STUDIO_NOTES)


def _lists(folder: Path) -> Iterator[Path]:
    yield from (folder / name for name in _NAME_LISTS)
    named = [path for path in entries(folder) if path.suffix.lower() == ".names" and is_file(path)]
    if len(named) == 1:
        yield named[0]


def _label_studio_names(path: Path) -> tuple[str, ...]:
    """The names in Label Studio's ``notes.json``, by their ids; () where it is another file."""
    if not path.is_file():
        return ()
    value = read_json(path)
    listed = value.get("categories") if isinstance(value, dict) else None
    if not isinstance(listed, list):
        return ()
    names = {str(row.get("id")): row.get("name") for row in listed if isinstance(row, dict)}
    ordered = [names.get(str(number)) for number in range(len(listed))]
    texts = tuple(name for name in ordered if isinstance(name, str))
    return texts if len(texts) == len(listed) else ()


def write_class_names(path: Path, names: Sequence[str]) -> None:
    """Write ``names``. Raises FormatError for a name the file cannot hold."""
    for name in names:
        if not name.strip() or name != name.strip() or "\n" in name:
            raise FormatError(f"class name {name!r}: {path.name} holds one name per line, without spaces around it")
    atomic.write_bytes(path, "".join(f"{name}\n" for name in names).encode())
