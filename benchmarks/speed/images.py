"""A YOLO dataset to feed both programs: images of a photograph's size and bytes, drawn from a seed."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np

WIDTH, HEIGHT = 640, 480


def make_dataset(folder: Path, count: int) -> Path:
    """Write ``count`` JPEGs with one to five boxes of class ``person`` each; returns the ``data.yaml``."""
    for kind in ("images", "labels"):
        (folder / kind / "train").mkdir(parents=True)
    for number in range(count):
        pixels, boxes = _drawn(np.random.default_rng([7, number]))
        cv2.imwrite(str(folder / "images" / "train" / f"{number:06d}.jpg"), pixels, (cv2.IMWRITE_JPEG_QUALITY, 92))
        lines = "".join(f"0 {x:.6f} {y:.6f} {w:.6f} {h:.6f}\n" for x, y, w, h in boxes)
        (folder / "labels" / "train" / f"{number:06d}.txt").write_text(lines, encoding="utf-8")
    yaml = folder / "data.yaml"
    yaml.write_text(
        f"path: {folder.resolve()}\ntrain: images/train\nval: images/train\nnames:\n  0: person\n", encoding="utf-8"
    )
    return yaml


def _drawn(rng: np.random.Generator) -> tuple:
    """(HEIGHT, WIDTH, 3) uint8 with the detail of a photograph, and centre boxes relative to it."""
    pixels = np.zeros((HEIGHT, WIDTH, 3), np.float32)
    for cells in (4, 16, 64, 256):  # detail at every scale, the finer the weaker
        noise = rng.normal(0, 1, (cells * 3 // 4, cells, 3)).astype(np.float32)
        pixels += cv2.resize(noise, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC) * np.float32(90 / cells**0.4)
    pixels = np.clip(pixels + 128, 0, 255).astype(np.uint8)
    boxes = []
    for _ in range(int(rng.integers(1, 6))):
        w, h = rng.uniform(0.08, 0.3), rng.uniform(0.2, 0.6)
        x, y = rng.uniform(w / 2, 1 - w / 2), rng.uniform(h / 2, 1 - h / 2)
        corners = [(round((x + side * w / 2) * WIDTH), round((y + side * h / 2) * HEIGHT)) for side in (-1, 1)]
        cv2.rectangle(pixels, *corners, tuple(int(level) for level in rng.integers(0, 256, 3)), -1)
        boxes.append((x, y, w, h))
    return pixels, boxes
