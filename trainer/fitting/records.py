"""What a run writes for people: history.csv, TensorBoard's log, sheets of images, curves, a line per epoch."""

from __future__ import annotations

import csv
import io
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from PIL import Image
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.summary.writer.record_writer import RecordWriter

from shared_format import atomic

from ..annotate import fitted, sheet
from ..feeding.batches import Batch, Batches
from ..models.run_files import HISTORY
from ..plotting import rendered
from ..progress import duration, note
from ..tasks import Task
from .validation import DEFAULT_NAME, NamedSet

# Protobuf makes its classes at run time, where a type checker cannot see them.
_events: Any = event_pb2
_summaries: Any = summary_pb2
Event, SessionLog, Summary = _events.Event, _events.SessionLog, _summaries.Summary
EVENTS = "tensorboard"
BATCHES_SHOWN = 3
MOST_TILES = 16
# The numbers of one epoch, as in history.csv: a number that was not measured is absent or None.
HistoryRow = dict[str, Any]


class RunRecords:
    """The records of a run; opened again with the rows so far when the run is resumed."""

    def __init__(self, run: Path, terms: Sequence[str], validation: Sequence[str], rows: list[HistoryRow]) -> None:
        self.run, self.terms, self.validation, self.rows = run, tuple(terms), tuple(validation), rows
        self.events = EventLog(run, len(rows))
        self.write_table()

    def add(self, row: HistoryRow, rate: float) -> None:
        """Append the numbers of an epoch, trained at ``rate`` images per second."""
        self.rows.append(row)
        self.write_table()
        tags = {self._tag(name): value for name, value in row.items() if value is not None and name != "epoch"}
        self.events.numbers(row["epoch"], {**tags, "speed/pictures_per_second": rate})

    def write_table(self) -> None:
        """Write ``history.csv``; the cell of a number that was not measured is empty."""
        columns = ["epoch", "stage", "learning_rate", "loss", *self.terms, *self.validation]
        text = io.StringIO(newline="")
        writer = csv.DictWriter(text, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows({name: "" if row.get(name) is None else row[name] for name in columns} for row in self.rows)
        atomic.write_bytes(self.run / HISTORY, text.getvalue().encode())

    def image(self, epoch: int, name: str, image: Image.Image) -> None:
        """Save a sheet of images in the run folder and in the event log."""
        image.save(self.run / f"{name}.png")
        self.events.image(epoch, name, image)

    def close(self) -> None:
        """Close the event log."""
        self.events.close()

    def _tag(self, column: str) -> str:
        if column in self.validation:
            return f"validation/{column}"
        return column if column in ("learning_rate", "stage") else f"loss/{column}"


class EventLog:
    """TensorBoard's event file, written by TensorBoard's own code, whichever backend trains."""

    def __init__(self, run: Path, epoch: int) -> None:
        # Not EventFileWriter: it imports TensorFlow where that is installed, which takes the GPU's memory.
        (run / EVENTS).mkdir(exist_ok=True)
        self._file = open(run / EVENTS / f"events.out.tfevents.{time.time_ns()}.{os.getpid()}", "xb")  # noqa: SIM115
        self._records = RecordWriter(self._file)
        self._write(Event(wall_time=time.time(), file_version="brain.Event:2"))
        # TensorBoard drops what an earlier process wrote beyond the epoch at which this one resumes.
        start = SessionLog(status=SessionLog.START)
        self._write(Event(wall_time=time.time(), step=epoch + 1, session_log=start))

    def numbers(self, epoch: int, values: Mapping[str, float]) -> None:
        """Write ``{tag: number}`` of an epoch."""
        self._summary(epoch, [Summary.Value(tag=tag, simple_value=value) for tag, value in values.items()])

    def image(self, epoch: int, tag: str, image: Image.Image) -> None:
        """Write an image."""
        buffer = io.BytesIO()
        image.convert("RGB").save(buffer, "JPEG", quality=85)
        encoded = Summary.Image(
            height=image.height, width=image.width, colorspace=3, encoded_image_string=buffer.getvalue()
        )
        self._summary(epoch, [Summary.Value(tag=tag, image=encoded)])

    def close(self) -> None:
        """Close the file."""
        self._records.close()

    def _summary(self, epoch: int, values: list[Any]) -> None:
        self._write(Event(wall_time=time.time(), step=epoch, summary=Summary(value=values)))

    def _write(self, event: Any) -> None:
        self._records.write(event.SerializeToString())
        self._records.flush()


def describe_epoch(row: HistoryRow, epochs: int, terms: Sequence[str], rate: float) -> str:
    """``epoch 3/10  loss 4.20 (centre 1.10 ...)  37.2 images/s``; without the rate where none was measured."""
    parts = " ".join(f"{name} {row[name]:.2f}" for name in terms)
    line = f"epoch {row['epoch']}/{epochs}  loss {row['loss']:.2f} ({parts})"
    return f"{line}  {rate:.1f} images/s" if rate else line


def print_epoch(line: str, scores: str, better: bool, remaining: float) -> None:
    """Print the line of an epoch on standard error, with its ``scores`` in words and the ``remaining`` seconds."""
    if scores:
        line += f"  {scores}"
    if better:
        line += "  best so far"
    note(f"{line}  {duration(remaining)} left" if remaining else line)


def first_batch_sheets(task: Task, batches: Batches) -> Iterator[tuple[str, Image.Image]]:
    """``train_batch_1`` .. with the first batches as the network will see them."""
    for step in range(min(BATCHES_SHOWN, len(batches))):
        yield f"train_batch_{step + 1}", batch_sheet(task, batches.load(0, step))


def batch_sheet(task: Task, batch: Batch) -> Image.Image:
    """A training batch as the network sees it, with what is to be learned of it."""
    tiles: list[Image.Image] = []
    for row, array in enumerate(batch.pixels[:MOST_TILES]):
        image = fitted(Image.fromarray(array))
        task.learning.draw_targets(image, {name: values[row] for name, values in batch.targets.items()})
        tiles.append(image)
    return sheet(tiles)


def prediction_sheets(
    task: Task, sets: Sequence[NamedSet], predictions: Mapping[str, Sequence[Any]]
) -> Iterator[tuple[str, Image.Image]]:
    """``validation``, or ``validation_NAME`` for a named set: ground truth beside the predictions of that name."""
    for named in sets:
        name = "validation" if named.name == DEFAULT_NAME else f"validation_{named.name}"
        yield name, task.showing.sheet(named.examples, predictions[named.name])


def draw_history(
    history: Sequence[HistoryRow], terms: Sequence[str], metrics: Sequence[str], sets: Sequence[str], path: Path
) -> None:
    """Draw the loss and its ``terms``, the ``metrics`` on the ``sets`` and the learning rate over the epochs."""
    figure = Figure(figsize=(13, 4.2), dpi=110, layout="constrained")
    loss_axes, score_axes, rate_axes = figure.subplots(1, 3, width_ratios=(3, 3, 2))
    _draw(loss_axes, history, "loss", color="black", linewidth=2)
    for name in terms:
        _draw(loss_axes, history, name, linewidth=1)
    loss_axes.set(title="Training loss per image", yscale="log")
    loss_axes.legend(fontsize=8)
    _draw_scores(score_axes, history, metrics, sets)
    _draw(rate_axes, history, "learning_rate")
    rate_axes.set(title="Learning rate", ylim=(0, None))
    for axes in (loss_axes, score_axes, rate_axes):
        axes.set_xlabel("epoch")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.grid(alpha=0.3)
    atomic.write_bytes(path, rendered(figure, "png"))


def _draw_scores(axes: Axes, history: Sequence[HistoryRow], metrics: Sequence[str], sets: Sequence[str]) -> None:
    for number, name in enumerate(sets):
        _draw(axes, history, f"{name}_{metrics[0]}", color=f"C{number}", marker="o", markersize=3)
        for other in metrics[1:]:
            _draw(axes, history, f"{name}_{other}", color=f"C{number}", linestyle="--")
    if sets:
        axes.legend(fontsize=8)
        axes.set(title="Validation", ylim=(0, 1))
    else:
        axes.set_axis_off()
        axes.text(0.5, 0.5, "no validation data", ha="center")


def _draw(axes: Axes, history: Sequence[HistoryRow], name: str, **style: Any) -> None:
    measured = [(row["epoch"], row[name]) for row in history if row.get(name) is not None]
    axes.plot([epoch for epoch, _ in measured], [value for _, value in measured], label=name, **style)
