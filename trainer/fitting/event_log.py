"""TensorBoard's event files, in TensorBoard's own format code, whichever backend trains."""

from __future__ import annotations

import io
import os
import time
from pathlib import Path

from PIL import Image
from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.summary.writer.record_writer import RecordWriter

FOLDER = "tensorboard"


class EventLog:
    """Numbers and images over the epochs, for ``tensorboard --logdir RUN``."""

    def __init__(self, run: Path, epoch: int) -> None:
        # Not EventFileWriter: it imports TensorFlow where that is installed, which takes the GPU's memory.
        (run / FOLDER).mkdir(exist_ok=True)
        self._file = open(run / FOLDER / f"events.out.tfevents.{time.time_ns()}.{os.getpid()}", "xb")  # noqa: SIM115
        self._records = RecordWriter(self._file)
        self._write(Event(wall_time=time.time(), file_version="brain.Event:2"))
        # TensorBoard forgets what an earlier process wrote beyond the epoch this one goes on from.
        self._add(epoch + 1, session_log=SessionLog(status=SessionLog.START))

    def numbers(self, epoch: int, values: dict) -> None:
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
        """End the file."""
        self._records.close()

    def _summary(self, epoch: int, values: list) -> None:
        self._add(epoch, summary=Summary(value=values))

    def _add(self, epoch: int, **content: object) -> None:
        self._write(Event(wall_time=time.time(), step=epoch, **content))

    def _write(self, event: Event) -> None:
        self._records.write(event.SerializeToString())
        self._records.flush()
