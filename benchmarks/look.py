"""The look and the content of sets of images, side by side, as numbers and as a figure.

    python benchmarks/look.py --out look.png mixed=FOLDER clinic=FOLDER home=FOLDER

A FOLDER holds a ``coco.json``, and its images beside it or in ``images/``. Images are measured at the size that
a detector sees: scaled to fit a square of SIDE pixels; the grain of the noise and the edges are measured as the camera
stored them. Crowds and people marked ``ignore`` are left out. The 5th, 25th, 50th, 75th and 95th percentile of every
measure are printed; the figure shows the distributions.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Optional

import numpy as np
from PIL import Image

from shared_format.boxes import pairwise_iou, xywh_to_xyxy

SIDE = 416
PERCENTILES = (5, 25, 50, 75, 95)
_BLOCK, _FEWEST = 16, 20  # pixels; blocks or edges that a measure of an image needs
_WINDOW = np.outer(np.hanning(_BLOCK), np.hanning(_BLOCK))
_FREQUENCY = np.hypot(*np.meshgrid(np.fft.fftfreq(_BLOCK), np.fft.fftfreq(_BLOCK)))  # cycles per pixel
LUMA = np.array([0.2126, 0.7152, 0.0722])
# measure: (description, range of its histogram).
OF_IMAGES = {
    "brightness": ("mean luminance of display values", (0.0, 1.0)),
    "contrast": ("standard deviation of the luminance", (0.0, 0.4)),
    "saturation": ("mean of (max - min) / max of the channels", (0.0, 0.8)),
    "warmth": ("mean red minus mean blue", (-0.3, 0.3)),
    "sharpness": ("log10 of the variance of the Laplacian", (-4.5, -0.5)),
    "noise": ("log10 of the fine noise's deviation (Immerkaer), of 255", (-1.0, 1.2)),
    "people": ("people per image", (0.0, 16.0)),
    "grain": ("log2 of fine / coarse power of the noise in flat places", (-6.0, 2.0)),
    "noise in the dark": ("log2 of its deviation over that where it is bright", (-3.0, 3.0)),
    "halo": ("overshoot at strong edges, of the step", (0.0, 0.15)),
}
OF_BOXES = {
    "box height": ("of the square's side", (0.0, 1.0)),
    "box aspect": ("log2 of width / height", (-2.5, 2.5)),
    "box x": ("middle, of the image's width", (0.0, 1.0)),
    "box y": ("middle, of the image's height", (0.0, 1.0)),
    "overlap": ("highest IoU with another person's box", (0.0, 0.7)),
}


def main() -> None:
    """Measure the sets, print the percentiles, draw the figure."""
    parser = argparse.ArgumentParser(description="Compare the look of sets of images.")
    parser.add_argument("sets", nargs="+", metavar="NAME=FOLDER")
    parser.add_argument("--out", type=Path, help="write the figure here")
    options = parser.parse_args()
    named = dict(item.split("=", 1) for item in options.sets)
    measured = {name: measure(Path(folder)) for name, folder in named.items()}
    for measure_name in (*OF_IMAGES, *OF_BOXES):
        for name, values in measured.items():
            shown = values[measure_name]
            numbers = "  ".join(f"{value:7.3f}" for value in np.percentile(shown, PERCENTILES)) if len(shown) else "-"
            print(f"{measure_name:12s} {name:12s} {len(shown):5d}  {numbers}")
    if options.out:
        draw(measured, options.out)


def measure(folder: Path) -> dict:
    """{measure: (N,) values} of the images in ``folder``."""
    coco = json.loads((folder / "coco.json").read_text(encoding="utf-8"))
    person = next(category["id"] for category in coco["categories"] if category["name"] == "person")
    people: dict = {image["id"]: [] for image in coco["images"]}
    for annotation in coco["annotations"]:
        if annotation["category_id"] == person and not annotation.get("iscrowd") and not annotation.get("ignore"):
            people[annotation["image_id"]].append(annotation["bbox"])
    rows: dict = {name: [] for name in (*OF_IMAGES, *OF_BOXES)}
    for image in coco["images"]:
        with _image(folder, image["file_name"]) as picture:
            for name, value in {**look_of(picture), **camera_of(picture)}.items():
                if value is not None:
                    rows[name].append(value)
        rows["people"].append(len(people[image["id"]]))
        for x, y, width, height in people[image["id"]]:
            rows["box height"].append(height / max(image["width"], image["height"]))
            rows["box aspect"].append(np.log2(width / height))
            rows["box x"].append((x + width / 2) / image["width"])
            rows["box y"].append((y + height / 2) / image["height"])
        rows["overlap"] += overlaps(np.array(people[image["id"]], dtype=np.float64).reshape(-1, 4)).tolist()
    return {name: np.array(values, dtype=np.float64) for name, values in rows.items()}


def overlaps(boxes: np.ndarray) -> np.ndarray:
    """(n,) the highest IoU of each of (n, 4) boxes x, y, width, height with another; none for fewer than two."""
    if len(boxes) < 2:
        return np.zeros(0)
    corners = xywh_to_xyxy(boxes)
    iou = pairwise_iou(corners, corners)
    np.fill_diagonal(iou, 0)
    return iou.max(axis=1)


def look_of(image: Image.Image) -> dict:
    """{measure: value} of one image."""
    scale = SIDE / max(image.size)
    if scale < 1:
        image = image.resize([max(round(side * scale), 3) for side in image.size], Image.Resampling.BOX)
    pixels = np.asarray(image.convert("RGB"), dtype=np.float64) / 255
    grey = pixels @ LUMA
    highest = pixels.max(axis=-1)
    laplacian = _filtered(grey, ((0, 1, 0), (1, -4, 1), (0, 1, 0)))
    fine = _filtered(grey, ((1, -2, 1), (-2, 4, -2), (1, -2, 1)))
    noise = np.median(np.abs(fine)) / 0.6745 / 6 * 255  # the filter's norm is 6; the median leaves edges out
    return {
        "brightness": grey.mean(),
        "contrast": grey.std(),
        "saturation": ((highest - pixels.min(axis=-1)) / np.maximum(highest, 1 / 255)).mean(),
        "warmth": (pixels[..., 0] - pixels[..., 2]).mean(),
        "sharpness": np.log10(max(laplacian.var(), 1e-6)),
        "noise": np.log10(max(noise, 0.1)),
    }


def camera_of(image: Image.Image) -> dict:
    """{measure: value or None where the image does not show it} of the camera, at its own resolution."""
    grey = np.asarray(image.convert("RGB"), dtype=np.float64) / 255 @ LUMA
    residuals, means = _flat_blocks(grey)
    if len(means) < _FEWEST:
        return {"grain": None, "noise in the dark": None, "halo": None}
    deviations = residuals.std(axis=(1, 2))
    flat = residuals[deviations <= np.quantile(deviations, 0.2)]
    power = (np.abs(np.fft.fft2(flat * _WINDOW)) ** 2).mean(axis=0)
    fine, coarse = (
        power[(low <= _FREQUENCY) & (high > _FREQUENCY)].mean() for low, high in ((0.35, 0.5), (0.16, 0.25))
    )
    dark, bright = deviations[means < 0.3], deviations[means > 0.5]
    enough = min(len(dark), len(bright)) >= _FEWEST
    ratio = np.quantile(dark, 0.15) / max(np.quantile(bright, 0.15), 1e-4) if enough else 0.0
    return {
        "grain": np.log2(max(fine, 1e-12) / max(coarse, 1e-12)),
        "noise in the dark": np.log2(ratio) if ratio > 0 else None,
        "halo": overshoot(grey),
    }


def _flat_blocks(grey: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(N, 16, 16) what is left of each block without its mean and slope, and (N,) its mean; none that is clipped."""
    rows, columns = (side // _BLOCK for side in grey.shape)
    blocks = grey[: rows * _BLOCK, : columns * _BLOCK].reshape(rows, _BLOCK, columns, _BLOCK)
    blocks = blocks.transpose(0, 2, 1, 3).reshape(-1, _BLOCK, _BLOCK)
    y, x = np.mgrid[:_BLOCK, :_BLOCK] - (_BLOCK - 1) / 2
    means = blocks.mean(axis=(1, 2))
    slopes = [(blocks * axis).sum(axis=(1, 2)) / (axis**2).sum() for axis in (y, x)]
    residuals = blocks - means[:, None, None] - slopes[0][:, None, None] * y - slopes[1][:, None, None] * x
    shown = (means > 0.03) & (means < 0.97)
    return residuals[shown], means[shown]


def overshoot(grey: np.ndarray) -> Optional[float]:
    """Median overshoot beside upright edges between two even sides, as a fraction of their step; None without such."""
    reach = 8
    step = np.abs(grey[:, 2:] - grey[:, :-2])[:, reach:-reach]
    rows, columns = np.nonzero(step > 0.15)
    chosen = np.random.default_rng(0).permutation(len(rows))[:4000]
    rows, columns = rows[chosen], columns[chosen] + reach + 1
    if not len(rows):
        return None
    profiles = grey[rows[:, None], columns[:, None] + np.arange(-reach, reach + 1)]
    profiles = profiles * np.sign(profiles[:, reach + 1] - profiles[:, reach - 1])[:, None]
    below, above = profiles[:, :3], profiles[:, -3:]
    low, high = below.mean(axis=1), above.mean(axis=1)
    even = (high - low > 0.15) & (np.maximum(np.ptp(below, axis=1), np.ptp(above, axis=1)) < 0.1 * (high - low))
    if even.sum() < _FEWEST:
        return None
    profiles, low, high = profiles[even], low[even], high[even]
    over = np.maximum(profiles[:, reach:-3].max(axis=1) - high, 0) + np.maximum(
        low - profiles[:, 3:reach].min(axis=1), 0
    )
    return float(np.median(over / (high - low)) / 2)


def draw(measured: dict, path: Path) -> None:
    """One small histogram per measure, with all sets in it."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    measures = {**OF_IMAGES, **OF_BOXES}
    columns = 4
    figure, axes = pyplot.subplots(-(-len(measures) // columns), columns, figsize=(14, 8), layout="constrained")
    for axis, (name, (text, limits)) in zip(axes.flat, measures.items()):
        edges = np.linspace(*limits, 26)
        for set_name, values in measured.items():
            shown = np.clip(values[name], limits[0], limits[1])
            weights = np.full(len(shown), 1 / max(len(shown), 1))
            axis.hist(shown, edges, weights=weights, histtype="step", linewidth=1.6, label=set_name)
        axis.set_title(name, fontsize=10)
        axis.set_xlabel(text, fontsize=7)
        axis.tick_params(labelsize=7)
        axis.set_yticks([])
    for axis in list(axes.flat)[len(measures) :]:
        axis.set_axis_off()
    axes.flat[0].legend(fontsize=8)
    figure.savefig(path, dpi=110)


def _filtered(grey: np.ndarray, kernel: Sequence[Sequence[float]]) -> np.ndarray:
    height, width = grey.shape
    return sum(
        weight * grey[dy : height - 2 + dy, dx : width - 2 + dx]
        for dy, row in enumerate(kernel)
        for dx, weight in enumerate(row)
        if weight
    )


def _image(folder: Path, file: str) -> Image.Image:
    path = folder / file
    return Image.open(path if path.is_file() else folder / "images" / file)


if __name__ == "__main__":
    main()
