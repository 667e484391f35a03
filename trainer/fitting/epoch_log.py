"""What is written and said of every epoch: history.csv, TensorBoard, one line for people."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Optional

from PIL import Image

from shared_format import atomic

from ..models.run_files import HISTORY
from ..progress import duration, note
from .event_log import EventLog
from .validation import GAP, describe


class EpochLog:
    """Writes the rows of a run; opened anew when the run goes on, with the rows so far."""

    def __init__(self, run: Path, terms: Sequence[str], validation: Sequence[str], rows: list) -> None:
        self.run, self.terms, self.validation, self.rows = run, tuple(terms), tuple(validation), rows
        self.events = EventLog(run, len(rows))
        self.write_table()

    def add(self, row: dict, rate: float) -> None:
        """Append the numbers of an epoch, trained at ``rate`` images a second."""
        self.rows.append(row)
        self.write_table()
        tags = {_tag(name): value for name, value in row.items() if value is not None and name != "epoch"}
        self.events.numbers(row["epoch"], {**tags, "speed/pictures_per_second": rate})

    def write_table(self) -> None:
        """``history.csv``: an empty cell where nothing was measured."""
        columns = ["epoch", "stage", "learning_rate", "loss", *self.terms, *self.validation]
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: "" if row.get(name) is None else row[name] for name in columns} for row in self.rows)
        atomic.write_bytes(self.run / HISTORY, text.getvalue().encode())

    def image(self, epoch: int, name: str, image: Image.Image) -> None:
        """Save a sheet in the run folder and in the event log."""
        image.save(self.run / f"{name}.png")
        self.events.image(epoch, name, image)

    def close(self) -> None:
        """End the event log."""
        self.events.close()


def describe_epoch(row: dict, epochs: int, terms: Sequence[str], rate: float) -> str:
    """``epoch 3/10  loss 4.20 (centre 1.10 ...)  37.2 images/s``; the rate only where one was measured."""
    parts = " ".join(f"{name} {row[name]:.2f}" for name in terms)
    line = f"epoch {row['epoch']}/{epochs}  loss {row['loss']:.2f} ({parts})"
    return f"{line}  {rate:.1f} images/s" if rate else line


def say_epoch(line: str, scores: Optional[dict], better: bool, remaining: float) -> None:
    """One readable line of an epoch on standard error."""
    if scores:
        line += f"  {describe(scores)}"
    if better:
        line += "  best so far"
    note(f"{line}  {duration(remaining)} left" if remaining else line)


def _tag(column: str) -> str:
    if column == GAP or column.endswith(("_AP50", "_AP")):
        return f"validation/{column}"
    return column if column in ("learning_rate", "stage") else f"loss/{column}"
