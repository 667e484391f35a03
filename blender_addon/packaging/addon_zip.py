"""``make addon``: build ``dist/wardsynth-<version>.zip``, installable in Blender 3.4 and later.

Up to 4.1 Blender wants the package as a folder in the zip, extensions (4.2 and later) may have it so, too,
with ``blender_manifest.toml`` in that folder. The zip carries a copy of ``shared_format`` so that the
add-on needs nothing outside itself. The same sources give the same bytes.
"""

from __future__ import annotations

import re
import sys
import zipfile
from pathlib import Path

import markdown

from ..body.model import missing_asset
from ..version import VERSION

_REPOSITORY = Path(__file__).resolve().parents[2]
_NAME = "wardsynth"
_EXCLUDED = ("packaging", "__pycache__", "shared_format")
_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>WardSynth: {title}</title>
<style>body {{ font: 16px/1.5 sans-serif; max-width: 52em; margin: 2em auto; padding: 0 1em; }}
img {{ max-width: 100%; }} pre, code {{ background: #f2f2f2; }} pre {{ padding: .6em; overflow: auto; }}
td, th {{ border-bottom: 1px solid #ccc; padding: .2em .6em; text-align: left; vertical-align: top; }}</style>
<body>{body}</body></html>
"""
_SUFFIXES = (".py", ".toml", ".json", ".npz", ".md")


def main() -> int:
    """Build the zip; exit code 1 if the body asset is missing."""
    if problem := missing_asset():
        print(problem, file=sys.stderr)
        return 1
    path = _REPOSITORY / "dist" / f"{_NAME}-{VERSION}.zip"
    path.parent.mkdir(exist_ok=True)
    write_zip(path)
    print(path.relative_to(_REPOSITORY))
    return 0


def write_zip(path: Path) -> None:
    """Write the installable zip to ``path``."""
    members = {f"{_NAME}/{file}": _REPOSITORY / "blender_addon" / file for file in _files("blender_addon")}
    members.update(
        {f"{_NAME}/shared_format/{file}": _REPOSITORY / "shared_format" / file for file in _files("shared_format")}
    )
    contents = {name: file.read_bytes() for name, file in members.items()}
    contents.update({f"{_NAME}/docs/{name}": content for name, content in _guides().items()})
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(contents):
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, contents[name])


def _guides() -> dict[str, bytes]:
    """The guides of ``docs/`` as web pages, with the images that they show: {file: content}."""
    folder = _REPOSITORY / "docs"
    files: dict[str, bytes] = {}
    for page in sorted(folder.glob("*.md")):
        text = page.read_text(encoding="utf-8")
        for image in re.findall(r"!\[[^]]*\]\(([^):]+)\)", text):
            files[image] = (folder / image).read_bytes()
        body = markdown.markdown(re.sub(r"\]\(([\w-]+)\.md", r"](\1.html", text), extensions=["tables", "fenced_code"])
        files[f"{page.stem}.html"] = _PAGE.format(title=page.stem, body=body).encode()
    return files


def _files(package: str) -> list[str]:
    folder = _REPOSITORY / package
    files = (path.relative_to(folder) for path in sorted(folder.rglob("*")) if path.is_file())
    return [
        path.as_posix()
        for path in files
        if not set(path.parts) & set(_EXCLUDED) and (path.suffix in _SUFFIXES or path.name == "LICENSE")
    ]


if __name__ == "__main__":
    raise SystemExit(main())
