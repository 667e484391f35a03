"""The table of what was tried, what was expected of it and what came of it."""

from __future__ import annotations

_HEAD = """# Trained on generated pictures, scored on real ones

`python benchmarks/sim_to_real` generates, trains and scores; no real picture is trained on, and none chooses the
epoch. The sets are `clinic` (93 pictures of one ceiling camera, 1,025 people), `home` (15 pictures of one person) and
`coco_val` (328 photographs, to see what is forgotten). AP50 (AP) at 416, every score above 0.001 counted;
[low, high] is the bootstrap's 95 per cent over pictures.

| recipe | pictures | seed | clinic | home | coco_val |
|---|---|---|---|---|---|
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
    return _HEAD + "\n".join(rows) + changes + _POSES


def _cells(sets: dict) -> str:
    return " | ".join(_cell(metrics) for metrics in sets.values())


def _cell(metrics: dict) -> str:
    interval = metrics.get("intervals", {}).get("AP50")
    bounds = f" [{interval[0]:.3f}, {interval[1]:.3f}]" if interval else ""
    return f"{metrics['AP50']:.3f} ({metrics['AP']:.3f}){bounds}"
