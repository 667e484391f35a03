"""`python benchmarks/sim_to_real/poses.py GENERATED PHOTOGRAPHS`: do generated people pose like real ones?

Every person whose shoulders and hips are labelled is centred on the hips and scaled by the length of the torso. The
figure shows where the other joints then are, how far torsos lean, and which joints are visible.
"""

from __future__ import annotations

from pathlib import Path

import click
import numpy as np
from matplotlib.figure import Figure

from shared_format import atomic
from shared_format.keypoints import NAMES
from trainer.examples.images import image_size
from trainer.examples.readers import open_labels, recognise
from trainer.formats.label_set import Reading
from trainer.plotting import BLUE, ORANGE, rendered

GROUPS = {"nose": "head", "wrist": "hands", "knee": "knees", "ankle": "feet"}
_SHORTEST = 8.0  # pixels; the direction of a shorter torso is noise
_REACH = 2.5  # half the side of the drawn square around the hips, in torso lengths
_BINS = 44


def people(path: Path) -> np.ndarray:
    """(N, 17, 3) key points of the people in ``path`` whose shoulders and hips are labelled: x, y in pixels, v.

    Raises:
        FormatError: not a dataset.
    """
    labels = open_labels(path, recognise(path), Reading(image_size, masks=False))
    found = [
        instance.keypoints
        for labelled in labels.images
        for instance in labelled.frame.instances
        if instance.keypoints is not None and not instance.ignore
    ]
    points = np.array(found, dtype=float).reshape(-1, len(NAMES), 3)
    trunk = _columns("shoulder", "hip")
    points = points[(points[:, trunk, 2] > 0).all(axis=1)]
    return points[np.linalg.norm(_torso(points), axis=1) > _SHORTEST]


def normalised(points: np.ndarray) -> np.ndarray:
    """(N, 17, 2) in torso lengths from the middle of the hips, y down as in the image; nan where not labelled."""
    middle = points[:, _columns("hip"), :2].mean(axis=1, keepdims=True)
    places = (points[..., :2] - middle) / np.linalg.norm(_torso(points), axis=1)[:, None, None]
    return np.where(points[..., 2:] > 0, places, np.nan)


def lean_deg(points: np.ndarray) -> np.ndarray:
    """(N,) degrees between the torso, hips to shoulders, and the image's upright: 0 to 180."""
    torso = _torso(points)
    return np.degrees(np.arctan2(np.abs(torso[:, 0]), -torso[:, 1]))


def figure(sets: dict) -> Figure:
    """The comparison of {name: (N, 17, 3) key points}."""
    drawn = Figure(figsize=(3 * (len(GROUPS) + 1), 6), layout="constrained")
    axes = drawn.subplots(2, len(GROUPS) + 1)
    for row, (name, points) in enumerate(sets.items()):
        places = normalised(points)
        for axis, (joint, title) in zip(axes[row], GROUPS.items(), strict=False):
            x, y = (places[:, _columns(joint), k].ravel() for k in (0, 1))
            axis.hist2d(x, y, bins=_BINS, range=[[-_REACH, _REACH]] * 2, density=True, cmap="magma")
            axis.invert_yaxis()
            axis.set_aspect("equal")
            axis.set_title(f"{title}, {name} ({len(points)} people)", fontsize=9)
    for (name, points), colour in zip(sets.items(), (BLUE, ORANGE), strict=False):
        axes[0, -1].hist(
            lean_deg(points), bins=18, range=(0, 180), density=True, histtype="step", color=colour, label=name
        )
        seen = (points[..., 2] == 2).mean(axis=0)
        axes[1, -1].plot(seen, range(len(NAMES)), "o-", color=colour, label=name)
    axes[0, -1].set_title("torso from upright (degrees)", fontsize=9)
    axes[0, -1].legend(fontsize=8)
    axes[1, -1].set_title("fraction visible", fontsize=9)
    axes[1, -1].set_yticks(range(len(NAMES)), NAMES, fontsize=6)
    axes[1, -1].set_xlim(0, 1.02)
    axes[1, -1].invert_yaxis()
    return drawn


def _torso(points: np.ndarray) -> np.ndarray:
    shoulders, hips = (points[:, _columns(part), :2].mean(axis=1) for part in ("shoulder", "hip"))
    return shoulders - hips


def _columns(*parts: str) -> list:
    return [i for i, name in enumerate(NAMES) if any(part in name for part in parts)]


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("generated", type=click.Path(exists=True, path_type=Path))
@click.argument("photographs", type=click.Path(exists=True, path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), default=Path("docs/poses.png"), show_default=True)
def main(generated: Path, photographs: Path, out: Path) -> None:
    """Draw the poses of GENERATED people against those of PHOTOGRAPHS."""
    sets = {"generated": people(generated), "photographs": people(photographs)}
    atomic.write_bytes(out, rendered(figure(sets), "png"))
    for name, points in sets.items():
        lean = lean_deg(points)
        click.echo(f"{name}: {len(points)} people, {100 * (lean > 45).mean():.0f} % lean more than 45 degrees")


if __name__ == "__main__":
    main()
