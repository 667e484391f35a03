"""The results of the generator's benchmark, as a page of Markdown."""

from __future__ import annotations


def table(record: dict) -> str:
    """All parts that were measured."""
    machine = record["machine"]
    lines = [
        f"# Generating images on {machine['processor']}, {machine['cores']} cores",
        "",
        f"{record['date'][:10]}, load {machine['load_before'][0]:.1f} before. `mixed` at 416 x 416, labels and "
        "cloth included.",
        "",
    ]
    for name, part in _PARTS.items():
        if name in record:
            lines += [*part(record[name]), ""]
    if "blenderproc" in record:
        lines += _blenderproc(record["blenderproc"])
    return "\n".join(lines).rstrip() + "\n"


def _stages(found: dict) -> list:
    whole, render = found["seconds"], found["stages"]["render"]
    rows = [
        f"| {stage} | {s:.3f} | {s / whole:.1%} |" for stage, s in [*found["stages"].items(), ("other", found["other"])]
    ]
    return [
        "| stage | processor s per image | fraction |",
        "|---|--:|--:|",
        *rows,
        "",
        f"Everything but the render: {1 - render / whole:.1%} of {whole:.2f} s (target below 35 %).",
    ]


def _views(found: dict) -> list:
    whole, render = found["seconds"], found["stages"]["render"]
    return [
        f"With {found['views']} views per scene: {whole:.2f} s per image, everything but the render "
        f"{1 - render / whole:.1%}."
    ]


def _workers(found: list) -> list:
    rows = [
        f"| {run['workers']} | {run['cores']} | {run['pictures_per_minute']} | {run['cpu_seconds_per_picture']} "
        f"| {run['load']:.1f} |"
        for run in found
    ]
    head = ["| workers | cores | images per minute | processor s per image | load after |", "|--:|--:|--:|--:|--:|"]
    alone, last = found[0], found[-1]
    gain = last["pictures_per_minute"] / alone["pictures_per_minute"]
    possible = 60 * last["workers"] / last["cpu_seconds_per_picture"]
    return [
        *head,
        *rows,
        "",
        f"{last['workers']} workers with one core each make {gain:.2f} times the images of one worker with one core "
        f"(target 1.6 for 2). On otherwise idle cores the processor time allows {possible:.1f} images per minute "
        "(target 20 on 2 cores).",
    ]


def _writing(found: dict) -> list:
    return [
        f"Writing an image: {found['early_ms']} ms of processor time for the first 200, {found['late_ms']} ms for the "
        f"200 before the {found['pictures']:,}th."
    ]


def _memory(found: dict) -> list:
    held = ", ".join(f"{mb:.0f} after {images}" for images, mb in found["resident_mb"].items())
    return [
        f"Resident MB of one process: {held}; over the second half it grows by {found['growth_mb']} MB per 1,000 "
        "images (target below 20)."
    ]


def _blenderproc(found: dict) -> list:
    if "missing" in found:
        return [f"BlenderProc: {found['missing']}."]
    lines = [
        f"One .blend of {found['meshes']} meshes, 416 x 416, 4 samples, boxes and masks to COCO:",
        "",
        "| | program | Blender | s per image | processor s per image |",
        "|---|---|---|--:|--:|",
    ]
    verdicts = []
    for title, targeted in (("at their defaults", 2.2), ("with the fast prefilter", 1.15)):
        contest = found[title]
        for result in contest["results"]:
            if result["failure"]:
                lines.append(f"| {title} | {result['name']} | {result['failure']} | | |")
                continue
            blender, wall = result["facts"]["blender"], result["ms_per_picture"] / 1000
            cpu = result["cpu_ms_per_picture"] / 1000
            lines.append(f"| {title} | {result['name']} | {blender} | {wall:.2f} | {cpu:.2f} |")
        if contest["times_faster"] is not None:
            verdicts.append(
                f"- {title}: {contest['times_faster']:.2f} times as fast, {contest['times_less_cpu']:.2f} times by "
                f"processor time (target {targeted})"
            )
    return [*lines, "", *verdicts]


_PARTS = {"stages": _stages, "views": _views, "workers": _workers, "writing": _writing, "memory": _memory}
