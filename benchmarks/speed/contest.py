"""Programs timed in turn: each in its own process, one round at a time, so that all run under the same conditions.

A contestant is a script that takes one JSON argument, prints a JSON line of facts when it is warm, and then, for every
line on its standard input, does one round and prints ``{"seconds": ..., "cpu_seconds": ..., "pictures": ...}``.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Optional


@dataclass(frozen=True)
class Contestant:
    """A program: its name in the results, the interpreter, the script, and its JSON argument."""

    name: str
    python: Path
    script: Path
    task: dict

    def command(self) -> list:
        """The command line."""
        return [str(self.python), str(self.script), json.dumps(self.task)]


@dataclass
class Result:
    """The facts and rounds of a contestant, or why it failed.

    ``rates``: images per second. ``costs``: processor seconds per image, over all threads of its process.
    """

    name: str
    facts: dict = field(default_factory=dict)
    rates: list = field(default_factory=list)
    costs: list = field(default_factory=list)
    failure: Optional[str] = None

    @property
    def rate(self) -> Optional[float]:
        """The median rate, in images per second."""
        return statistics.median(self.rates) if self.rates else None

    def to_json(self) -> dict:
        """The result as JSON."""
        rate = self.rate
        return {
            "name": self.name,
            "pictures_per_second": rate and round(rate, 3),
            "ms_per_picture": rate and round(1000 / rate, 3),
            "cpu_ms_per_picture": (self.costs and round(1000 * statistics.median(self.costs), 3)) or None,
            "rounds": [round(one, 3) for one in self.rates],
            "facts": self.facts,
            "failure": self.failure,
        }


def hold(contestants: Sequence[Contestant], rounds: int) -> list:
    """Time the contestants in turn, ``rounds`` times; returns a ``Result`` per contestant, in their order."""
    running: list = []
    try:
        for one in contestants:  # alone on the machine while it warms up
            running.append(_Running(one))
            running[-1].warm_up()
        for _ in range(rounds):
            for one in running:
                one.round()
    finally:
        for one in running:
            one.end()
    return [one.result for one in running]


def ratio(first: Result, second: Result) -> Optional[float]:
    """How many times faster the first was than the second in the same round, the median over rounds."""
    return _median_ratio(first.rates, second.rates)


def cost_ratio(first: Result, second: Result) -> Optional[float]:
    """How many times less processor time the first took; on a busy machine this is more reliable than ``ratio``."""
    return _median_ratio(second.costs, first.costs)


def _median_ratio(above: Sequence[float], below: Sequence[float]) -> Optional[float]:
    pairs = list(zip(above, below))
    return statistics.median(a / b for a, b in pairs) if pairs else None


class _Running:
    """The process of a contestant; one that fails takes no further part, and its result says why."""

    def __init__(self, contestant: Contestant) -> None:
        self.result = Result(contestant.name)
        self._errors = tempfile.TemporaryFile("w+")  # noqa: SIM115 (closed by `end`)
        self._process = subprocess.Popen(
            contestant.command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._errors, text=True
        )

    def warm_up(self) -> None:
        answer = self._answer()
        if answer is not None:
            self.result.facts = answer
            print(f"  {self.result.name}: ready", file=sys.stderr)

    def round(self) -> None:
        if self.result.failure:
            return
        try:
            self._process.stdin.write("\n")
            self._process.stdin.flush()
        except BrokenPipeError:
            pass  # reading the answer reports the failure
        answer = self._answer()
        if answer is not None:
            self.result.rates.append(answer["pictures"] / answer["seconds"])
            self.result.costs.append(answer["cpu_seconds"] / answer["pictures"])

    def end(self) -> None:
        # The process may have closed its end already.
        for close in (self._process.stdin.close, self._process.stdout.close):
            try:
                close()
            except BrokenPipeError:
                continue
        try:
            self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._errors.close()

    def _answer(self) -> Any:
        """The next JSON line; other output of the program is skipped."""
        for line in self._process.stdout:
            if line.startswith("{"):
                return json.loads(line)
        self._process.wait()
        self._errors.seek(0)
        last = [line for line in self._errors.read().splitlines() if line.strip()][-1:] or ["no message"]
        self.result.failure = f"ended with {self._process.returncode}: {last[0][:300]}"
        print(f"  {self.result.name}: {self.result.failure}", file=sys.stderr)
        return None
