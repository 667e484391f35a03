"""The results as a short table."""

from __future__ import annotations

from typing import Optional

COLUMNS = ("contest", "contestant", "ms per image", "CPU ms", "images/s", "GFLOP/s", "of peak")


def table(record: dict) -> str:
    """Markdown: the machine, a row per contestant, and the comparisons with a target."""
    machine = record["machine"]
    where = machine["card"] or f"{machine['processor']}, {machine['cores']} cores"
    lines = [
        f"# Speed on {where}",
        "",
        f"{record['date'][:10]}, {record['precision']}, {record['threads']} threads; medians of rounds in turn; load "
        f"{machine['load_before'][0]:.1f} before and {machine['load_after'][0]:.1f} after.",
        "",
        f"| {' | '.join(COLUMNS)} |",
        "|---|---|--:|--:|--:|--:|--:|",
    ]
    verdicts = []
    for contest in record["contests"]:
        for result in contest["results"]:
            lines.append(_row(contest["title"], result, record["peak_tflops"]))
        verdicts += _verdict(contest)
    return "\n".join([*lines, "", *verdicts]) + "\n"


def _row(title: str, result: dict, peak: Optional[float]) -> str:
    rate = result["pictures_per_second"]
    if rate is None:
        return f"| {title} | {result['name']} | {result['failure']} | | | | |"
    work = result["facts"].get("gflops_per_picture")
    speed = "" if work is None else f"{rate * work:.0f}"
    share = "" if work is None or peak is None else f"{rate * work / 1000 / peak:.1%}"
    times = f"{result['ms_per_picture']:.2f} | {result['cpu_ms_per_picture']:.1f}"
    return f"| {title} | {result['name']} | {times} | {rate:.1f} | {speed} | {share} |"


def _verdict(contest: dict) -> list:
    verdict = contest["verdict"]
    if verdict is None:
        return []
    first, second = verdict["of"]
    target = (
        "" if verdict["target"] is None else f" (target {verdict['target']:g}: {'met' if verdict['met'] else 'missed'})"
    )
    cpu = f", {verdict['times_less_cpu']:.2f} times by processor time"
    return [f"- {contest['title']}: {first} is {verdict['times_faster']:.2f} times as fast as {second}{cpu}{target}"]
