"""A job beside the window: a thread, watched by a timer, so that the window stays responsive.

The thread must not touch bpy: images are rendered by worker processes. The timer, in the main thread, shows progress
and receives the result. A job belongs to Blender, not to a file or a window: both may be closed meanwhile.
"""

# Blender reads property definitions from annotations:
# pyright: reportInvalidTypeForm=false
from __future__ import annotations

import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, Optional

import bpy
from bpy.props import BoolProperty, FloatProperty, StringProperty

from ..body.model import AssetMissingError
from ..dataset_format import errors
from ..draw.config import ConfigError
from ..job import JobError
from ..progress import ProgressCounter

EXPECTED = (
    ConfigError,
    JobError,
    AssetMissingError,
    errors.FormatError,
)  # errors whose message is one line for the user
# Options of the command line in messages, and their names in the panel.
_PANEL_NAMES = {
    "--out ": "Folder ",
    "add --resume": "tick Resume",
    "--resume": "Resume",
    "--device": "Device",
    "--set": "set",
}
_TIMER_S = 0.25
_JOIN_S = 10.0


class WardSynthState(bpy.types.PropertyGroup):
    """What the panel shows of the running or the last job; kept per session, not in the file."""

    progress: FloatProperty(name="Progress", min=0.0, max=1.0, subtype="FACTOR", options={"SKIP_SAVE"})
    message: StringProperty(options={"SKIP_SAVE"})
    failed: BoolProperty(options={"SKIP_SAVE"})


class Message(NamedTuple):
    """A message for the panel, for example about a finished job."""

    text: str
    is_error: bool = False


class ModalJob:
    """Work in a thread.

    Attributes:
        title: its name in the panel.
        stop_requested: set to end it early.
        progress: its progress.
    """

    def __init__(
        self, title: str, work: Callable[[ModalJob], Any], finish: Callable[[Any], Message]
    ) -> None:  # Any: the type that ``work`` returns and ``finish`` accepts
        """``work`` runs in the thread; ``finish`` turns its result into a message, in the main thread."""
        self.title, self.progress = title, ProgressCounter()
        self.stop_requested = threading.Event()
        self._work, self._finish = work, finish
        self._result: Any = None
        self._error: Optional[Exception] = None
        self._thread = threading.Thread(target=self._run, name=f"WardSynth {title}", daemon=True)

    def text(self) -> str:
        """The progress as the panel shows it."""
        if self.stop_requested.is_set():
            return "stopping ..."
        return self.progress.text() if self.progress.total else "starting ..."

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def wait(self) -> None:
        """Wait until it ends."""
        self._thread.join()

    def abandon(self) -> None:
        """Stop it and wait; its result is dropped."""
        self.stop_requested.set()
        self._thread.join(_JOIN_S)

    @property
    def is_alive(self) -> bool:
        """Whether the thread runs."""
        return self._thread.is_alive()

    def outcome(self) -> Message:
        """The result of the finished job; called in the main thread."""
        if isinstance(self._error, EXPECTED):
            return Message(str(self._error), is_error=True)
        if self._error is not None:
            return Message(f"{type(self._error).__name__}: {self._error}", is_error=True)
        return self._finish(self._result)

    def _run(self) -> None:
        try:
            self._result = self._work(self)
        except Exception as error:  # any error is shown in the panel
            self._error = error


_current: Optional[ModalJob] = None


def current_job() -> Optional[ModalJob]:
    """The job in progress, or None."""
    return _current


def start_job(job: ModalJob) -> None:
    """Start ``job`` and watch it; no other may be in progress."""
    global _current
    _current = job
    show_message(Message(job.title))
    job.start()
    bpy.app.timers.register(_watch_job, first_interval=_TIMER_S, persistent=True)


def abandon_job() -> None:
    """End the job in progress, as the add-on is disabled."""
    global _current
    if bpy.app.timers.is_registered(_watch_job):
        bpy.app.timers.unregister(_watch_job)
    if _current is not None:
        _current.abandon()
        _current = None


def show_message(message: Message) -> None:
    """Show ``message`` in the panel until the next one."""
    state = bpy.context.window_manager.wardsynth
    state.message, state.failed, state.progress = in_panel_terms(message.text), message.is_error, 0.0
    redraw()


def in_panel_terms(message: str) -> str:
    """A message of the engine as the narrow panel shows it.

    Options of the command line get the panel's names, and the user's home folder becomes ``~``, as in *Folder*.
    """
    for option, shown in _PANEL_NAMES.items():
        message = message.replace(option, shown)
    return message.replace(f"{Path.home()}{os.sep}", f"~{os.sep}")


def redraw() -> None:
    """Redraw the viewports and image editors of all windows."""
    for window in bpy.context.window_manager.windows:
        for area in window.screen.areas:
            if area.type in ("VIEW_3D", "IMAGE_EDITOR"):
                area.tag_redraw()


def _watch_job() -> Optional[float]:
    global _current
    job = _current
    if job is None:
        return None
    if job.is_alive:
        state = bpy.context.window_manager.wardsynth
        state.progress = job.progress.done / max(job.progress.total, 1)
        redraw()
        return _TIMER_S
    _current = None
    message = job.outcome()
    show_message(message)
    if message.is_error:
        _pop_up(job.title, message)
    return None


def _pop_up(title: str, message: Message) -> None:
    """Show in a dialog of the first window why a job failed; without a window only the panel shows it."""
    windows = bpy.context.window_manager.windows
    if bpy.app.background or not windows:
        return
    with bpy.context.temp_override(window=windows[0]):
        bpy.ops.wardsynth.show_problem("INVOKE_DEFAULT", title=title, message=in_panel_terms(message.text))


class JobOperator:
    """A modal operator that starts a job: Esc stops it, every other event goes on to Blender."""

    def run_modal(self, context: bpy.types.Context, job: ModalJob) -> set[str]:
        """Start ``job``; returns what ``invoke`` returns."""
        start_job(job)
        self._job = job
        manager = context.window_manager
        self._timer = manager.event_timer_add(_TIMER_S, window=context.window)  # wakes the window without an event
        manager.modal_handler_add(self)
        return {"RUNNING_MODAL"}

    def modal(self, context: bpy.types.Context, event: bpy.types.Event) -> set[str]:
        """Wait for the end or for Esc."""
        if _current is not self._job:  # the job has ended and its result is shown
            context.window_manager.event_timer_remove(self._timer)
            redraw()
            return {"FINISHED"}
        if event.type == "ESC" and event.value == "PRESS":
            self._job.stop_requested.set()
            redraw()
            return {"RUNNING_MODAL"}
        return {"PASS_THROUGH"}


class WARDSYNTH_OT_stop(bpy.types.Operator):
    """Stop the job in progress; finished images are kept"""

    bl_idname = "wardsynth.stop"
    bl_label = "Stop"

    @classmethod
    def poll(cls, _context: bpy.types.Context) -> bool:
        """Whether a job is in progress."""
        return _current is not None and not _current.stop_requested.is_set()

    def execute(self, _context: bpy.types.Context) -> set[str]:
        """Request a stop; the panel shows when the job has stopped."""
        if _current is not None:
            _current.stop_requested.set()
        redraw()
        return {"FINISHED"}


CLASSES = (WardSynthState, WARDSYNTH_OT_stop)
