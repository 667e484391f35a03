"""A contact sheet of a dataset's images, or of close-ups of its people.

wardsynth generate --out /tmp/people --preset mixed --count 48
python benchmarks/sheet.py /tmp/people --out sheet.jpg [--people] [--columns 8] [--tile 208]
"""

from __future__ import annotations

import argparse
from pathlib import Path

from PIL import Image, ImageOps

from shared_format import dataset

_AROUND = 0.15  # margin on every side, as a fraction of a person's box
_LEAST = 100  # pixels; smaller people are left out


def main() -> None:
    """Read the dataset, write the sheet."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--people", action="store_true", help="make a tile for every person instead of every image")
    parser.add_argument("--columns", type=int, default=8)
    parser.add_argument("--tile", type=int, default=208, help="side of a tile in pixels")
    parser.add_argument("--count", type=int, default=48, help="largest number of tiles")
    options = parser.parse_args()
    tiles = []
    for frame in dataset.read_frames(options.data):
        with Image.open(options.data / frame.file) as image:
            image = image.convert("RGB")
        tiles += close_ups(image, frame) if options.people else [image]
        if len(tiles) >= options.count:
            break
    sheet(tiles[: options.count], options.columns, options.tile).save(options.out, quality=88)


def close_ups(image: Image.Image, frame: object) -> list:
    """A square around each person that is large enough."""
    found = []
    for instance in frame.instances:
        if instance.category != "person" or instance.bbox_amodal is None or instance.ignore:
            continue
        x, y, width, height = instance.bbox_amodal
        if max(width, height) < _LEAST:
            continue
        half = max(width, height) * (0.5 + _AROUND)
        cx, cy = x + width / 2, y + height / 2
        found.append(image.crop((round(cx - half), round(cy - half), round(cx + half), round(cy + half))))
    return found


def sheet(tiles: list, columns: int, size: int) -> Image.Image:
    """All tiles side by side, each fitted into a square of ``size`` pixels."""
    rows = -(-len(tiles) // columns)
    page = Image.new("RGB", (columns * size, rows * size))
    for n, tile in enumerate(tiles):
        page.paste(
            ImageOps.contain(tile, (size, size), Image.Resampling.LANCZOS), (n % columns * size, n // columns * size)
        )
    return page


if __name__ == "__main__":
    main()
