"""The page of the experiment: every recipe, its expected effect and its scores."""

from __future__ import annotations

from trainer.curve.series import SeedStatistics

_HEAD = """# Trained on generated images, scored on real ones

After this page you know how much a detector of real images gains from generated ones, what was tried, and how to
repeat it: `python benchmarks/sim_to_real --real FOLDER --start MODEL` generates, trains and scores.

No real image is trained on, and none chooses the epoch. The real sets are `clinic` (93 images of one ceiling camera,
1,025 people), `home` (15 images of one person) and `coco_val` (328 photographs, to measure forgetting). The table
shows AP50 (AP) at 416 with every score above 0.001 counted; [low, high] is the 95 % bootstrap interval over images.
After the semicolon is the AP50 of scores from 0.2 on, which is what OpenCV's darknet reader gives and how the
published figures of these sets were measured.

Neither images nor weights are part of this project. `--real FOLDER` has a folder for each set with `coco.json`
(people as `person`) and `images/`: `clinic` is `ai-indonesia/cctv-vh5b6` version 2 on Roboflow (CC BY 4.0), `home`
consists of 15 images of GMDCSA24 (Zenodo 10.5281/zenodo.12921216, MIT) with boxes drawn by hand, `coco_val` of 328
images of COCO's val2017. `--start` is darknet's `FILE.cfg,FILE.weights`: MobileNetV2-YOLOv3-Nano for COCO from
`dog-qiuqiu/MobileNet-Yolo`. Without these two options both are looked for in `../shared`. `--seed` chooses the images
and the training. The [glossary](glossary.md) explains the terms.

| recipe | images | seed | clinic | home | coco_val |
|---|---|---|---|---|---|
"""

_CURVES = """

## Beside real images

`python benchmarks/sim_to_real/curves.py` trains on parts of one half of the clinic's images and scores on the other
half: AP50 (AP). However few real images there are, each training is shown the same number of images, unless its
arguments say otherwise. Two training regimes continue from the model of the generated images: with the real ones
alone (*synthetic, then real*), or with equally many generated ones mixed in (*synthetic, then both*). *Real only,
trained as long* is shown as many images as two such trainings together.
"""
_POSES = """

## Poses

The figure shows where joints are, in torso lengths from the middle of the hips, for people whose shoulders and hips
are labelled (`python benchmarks/sim_to_real/poses.py DATASET photographs/`). Upright people agree; a ward adds people
who lie, lean and have fallen, and cameras above them.

![Densities of head, hands, knees and feet around the hips, generated above, photographs below](poses.png)
"""


def table(known: dict) -> str:
    """The page, from the results."""
    rows = [f"| the starting weights | | | {_cells(known['start']['sets'])} |"]
    rows += [
        f"| {row['recipe']} | {row['pictures']} | {row['seed']} | {_cells(row['sets'])} |" for row in known["rows"]
    ]
    tried = {row["recipe"]: row for row in known["rows"]}
    changes = [
        f"- **{name}**{' (after ' + row['after'] + ')' if row['after'] else ''}: {row['change']} *Expected:* "
        f"{row['prediction']}"
        for name, row in tried.items()
    ]
    text = "\n\n## What was changed, and what was expected\n\n" + "\n".join(changes)
    curves = "".join(_curve(name, curve) for name, curve in known.get("curves", {}).items())
    return _HEAD + "\n".join(rows) + text + (_CURVES + curves if curves else "") + _POSES


def curve_table(series: list) -> str:
    """AP50 (AP) of a curve with the standard deviation of AP50 over seeds, from the ``series`` of curve.json.

    One row per number of real images, one column per training regime.
    """
    scores = {
        (one["name"], point["real_pictures"]): f"{SeedStatistics(**point['metrics']['AP50']).text()} "
        f"({point['metrics']['AP']['mean']:.3f})"
        for one in series
        for point in one["points"]
    }
    names = [one["name"] for one in series]
    lines = [f"| real images | {' | '.join(names)} |", f"|--:|{'--:|' * len(names)}"]
    for images in sorted({images for _, images in scores}):
        cells = (scores.get((name, images), "") for name in names)
        lines.append(f"| {images} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _curve(name: str, curve: dict) -> str:
    arguments = " ".join(word if " " not in word else f"'{word}'" for word in curve["words"])
    return (
        f"\n**{name}.** {curve['question']} {curve['pictures']['synthetic']} generated images, seed {curve['seed']}, "
        f"trained with seed {', '.join(map(str, curve['seeds']))}, `trainer curve {arguments}`:\n\n"
        f"{curve_table(curve['series'])}\n\n{curve['finding']}\n\n![AP50 over real images](curve-{name}.png)\n"
    )


def _cells(sets: dict) -> str:
    return " | ".join(_cell(metrics) for metrics in sets.values())


def _cell(metrics: dict) -> str:
    interval = metrics.get("intervals", {}).get("AP50")
    bounds = f" [{interval[0]:.3f}, {interval[1]:.3f}]" if interval else ""
    cut = f"; {metrics['AP50_cut']:.3f}" if "AP50_cut" in metrics else ""
    return f"{metrics['AP50']:.3f} ({metrics['AP']:.3f}){bounds}{cut}"
