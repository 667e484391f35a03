"""The table of what was tried, what was expected of it and what came of it."""

from __future__ import annotations

_HEAD = """# Trained on generated pictures, scored on real ones

`python benchmarks/sim_to_real` generates, trains and scores; no real picture is trained on, and none chooses the
epoch. The sets are `clinic` (93 pictures of one ceiling camera, 1,025 people), `home` (15 pictures of one person) and
`coco_val` (328 photographs, to see what is forgotten). AP50 (AP) at 416, every score above 0.001 counted;
[low, high] is the bootstrap's 95 per cent over pictures. After the semicolon AP50 of the scores from 0.2 on, which is
what OpenCV's darknet reader gives and how the sets' own figures were measured.

| recipe | pictures | seed | clinic | home | coco_val |
|---|---|---|---|---|---|
"""

_CURVES = """

## Beside real pictures

`python benchmarks/sim_to_real/curves.py` trains on parts of one half of the clinic's pictures and scores on the other
half (AP50): on the real pictures alone, on generated ones first, and on both together, by their number, so that few of
what is shown is real. Every training is shown as many pictures as every other; *synthetic, then real* is two of them.
Real only with 47 pictures and twice the training (`--epochs 4` of the first curve) reaches 0.904: there the lead of
*synthetic, then real* is that of training longer.
"""
_POSES = """

## Poses

Where joints are, in torso lengths from the middle of the hips, for people whose shoulders and hips are labelled
(`python benchmarks/sim_to_real/poses.py DATASET photographs/`). Upright people agree; a ward adds those that lie,
lean and have fallen, and cameras above them.

![Densities of head, hands, knees and feet around the hips, generated above, photographs below](poses.png)
"""


def table(known: dict) -> str:
    """The page, from the results."""
    rows = [f"| the weights at the start | | | {_cells(known['start']['sets'])} |"]
    rows += [
        f"| {row['recipe']} | {row['pictures']} | {row['seed']} | {_cells(row['sets'])} |" for row in known["rows"]
    ]
    tried = {row["recipe"]: row for row in known["rows"]}
    said = [
        f"- **{name}**{' (after ' + row['after'] + ')' if row['after'] else ''}: {row['change']} *Expected:* "
        f"{row['prediction']}"
        for name, row in tried.items()
    ]
    changes = "\n\n## What was changed, and what was expected of it\n\n" + "\n".join(said)
    curves = "".join(_curve(name, curve) for name, curve in known.get("curves", {}).items())
    return _HEAD + "\n".join(rows) + changes + (_CURVES + curves if curves else "") + _POSES


def curve_table(series: list) -> str:
    """The AP50 of a curve: a row a number of real pictures, a column a way of training.

    ``series`` is that of curve.json.
    """
    scores = {
        (one["name"], point["real_pictures"]): point["metrics"]["AP50"]["mean"]
        for one in series
        for point in one["points"]
    }
    names = [one["name"] for one in series]
    lines = [f"| real pictures | {' | '.join(names)} |", f"|--:|{'--:|' * len(names)}"]
    for pictures in sorted({pictures for _, pictures in scores}):
        cells = (f"{scores[name, pictures]:.3f}" if (name, pictures) in scores else "" for name in names)
        lines.append(f"| {pictures} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _curve(name: str, curve: dict) -> str:
    words = " ".join(word if " " not in word else f"'{word}'" for word in curve["words"])
    return (
        f"\n**{name}.** {curve['question']} {curve['pictures']['synthetic']} generated pictures, seed {curve['seed']}, "
        f"`trainer curve {words}`:\n\n{curve_table(curve['series'])}\n\n![AP50 over real pictures](curve-{name}.png)\n"
    )


def _cells(sets: dict) -> str:
    return " | ".join(_cell(metrics) for metrics in sets.values())


def _cell(metrics: dict) -> str:
    interval = metrics.get("intervals", {}).get("AP50")
    bounds = f" [{interval[0]:.3f}, {interval[1]:.3f}]" if interval else ""
    cut = f"; {metrics['AP50_cut']:.3f}" if "AP50_cut" in metrics else ""
    return f"{metrics['AP50']:.3f} ({metrics['AP']:.3f}){bounds}{cut}"
