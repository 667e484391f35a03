"""The training loop: stages, epochs, steps; what happens after each, in order."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from ..feeding.batches import Batches
from ..loss.terms import TERMS
from ..models.run_files import BEST, LAST
from ..progress import Progress, note
from ..stop import StopRequest
from . import batch_images, validation
from .checkpoint import RunState, restore, save_checkpoint
from .compiled_stage import StageRun, begin_stage, describe_stage, open_batches, trained_copy
from .config import FitConfig
from .epoch_log import EpochLog, describe_epoch, say_epoch
from .evaluation_copy import EvaluationCopy
from .stages import Stage, plan_stages

# A number read back makes the step wait for it: the loss is looked at after so many.
STEPS_A_CHECK = 10
# An epoch ends with a checkpoint where that takes less than a twentieth of the time since the one before.
SHARE_OF_SAVING = 20


@dataclass(frozen=True)
class Task:
    """A run before its first step.

    Attributes:
        folder: its run folder, made. sources: of ``mixing.Source``. sets: of ``validation.NamedSet``.
        evaluated: the network at its start, and as it will be scored and saved.
    """

    folder: Path
    config: FitConfig
    evaluated: EvaluationCopy
    sources: tuple
    sets: tuple

    @property
    def deciding(self) -> Optional[str]:
        """The name of the set that decides what is best."""
        return validation.deciding_set([one.name for one in self.sets], self.config.best_on)


class TrainingLoop:
    """Trains what ``task`` says, from where ``state`` stands; ``arrays`` are its checkpoint's, or None."""

    def __init__(self, task: Task, state: RunState, arrays: Optional[dict]) -> None:
        self.task, self.state, self.arrays = task, state, arrays
        self.config = task.config
        self.stages = plan_stages(self.config)
        self.trained = trained_copy(task.evaluated.network, task.evaluated.spec, self.config)
        names = validation.column_names([one.name for one in task.sets])
        self.log = EpochLog(task.folder, TERMS[self.config.loss], names, state.history)
        self.saved = self.began = time.monotonic()
        self.saving_took = 0.0
        self.seconds_before = state.seconds

    def run(self) -> None:
        """Train to the end, or until asked to stop: ``state`` says which."""
        with closing(self.log), StopRequest() as self.stop, self.progress_bar() as self.progress:
            for stage in self.stages:
                if stage.last_epoch > self.state.epoch and not self.over:
                    self.train_stage(stage)

    @property
    def over(self) -> bool:
        """Whether nothing more is to be trained, for now or for good."""
        return self.stop.made or self.state.finished

    def train_stage(self, stage: Stage) -> None:
        """Every epoch of ``stage`` that is left."""
        with self.prepared(stage) as run:
            for epoch in range(max(stage.first_epoch, self.state.epoch + 1), stage.last_epoch + 1):
                self.train_epoch(run, epoch)
                if not self.stop.made:
                    self.finish_epoch(run, epoch)
                if self.over:
                    self.leave(run)
                    break

    @contextmanager
    def prepared(self, stage: Stage) -> Iterator[StageRun]:
        """The stage with its batches, where it begins or where its checkpoint left it."""
        spec = self.task.evaluated.spec
        with open_batches(stage, self.config, spec, self.task.sources) as batches:
            run = begin_stage(stage, self.config, spec, self.trained, batches)
            note(describe_stage(run))
            if self.arrays is not None:
                # A checkpoint from the end of the stage before has that stage's optimiser.
                restore(run.variables if self.state.stage == stage.number else self.trained, self.arrays)
                self.arrays = None
            self.state.stage = stage.number
            if self.state.epoch == self.state.step == 0:
                self.draw_first_batches(batches)
            yield run

    def train_epoch(self, run: StageRun, epoch: int) -> None:
        """The steps of an epoch that are left; fewer when asked to stop."""
        if self.state.step == 0:
            run.account.clear()
        self.progress.begin_epoch()
        for pixels, answers in run.batches.epoch(epoch - 1, self.state.step):
            run.step(pixels, answers)
            self.state.step += 1
            self.progress.advance(len(pixels))
            if self.state.step % STEPS_A_CHECK == 0:
                run.account.check(epoch)
            if self.stop.made:
                break
            if time.monotonic() - self.saved > self.config.checkpoint_minutes * 60:
                self.checkpoint(run)
        run.account.check(epoch)

    def finish_epoch(self, run: StageRun, epoch: int) -> None:
        """Score, keep the best, write the row, say the line, and make all of it last."""
        rate = self.progress.epoch_rate
        row = {"epoch": epoch, "stage": run.stage.number, "learning_rate": run.learning_rate, **run.means}
        scores, better = self.validate(run, epoch)
        self.state.epoch, self.state.step = epoch, 0
        self.state.finished = epoch == self.stages[-1].last_epoch or self.stalled(run.stage, epoch)
        self.log.add({**row, **validation.columns(scores)}, rate)
        line = describe_epoch(row, self.stages[-1].last_epoch, TERMS[self.config.loss], rate)
        say_epoch(line, scores, better, 0.0 if self.state.finished else self.progress.remaining)
        if time.monotonic() - self.saved > SHARE_OF_SAVING * self.saving_took:
            self.checkpoint(run)

    def validate(self, run: StageRun, epoch: int) -> tuple:
        """The metrics of every set where it is their turn, and whether they are the best so far."""
        if epoch % self.config.validate_every and epoch != self.stages[-1].last_epoch:
            return {}, False
        self.save_last(run)
        evaluated = self.task.evaluated
        scores, found = validation.score(evaluated.detector, self.task.sets)
        better = self.is_better(scores)
        if better:
            self.state.best = {"epoch": epoch, "sets": scores}
            evaluated.save(self.task.folder / BEST)
            for name, sheet in batch_images.prediction_sheets(self.task.sets, found):
                self.log.image(epoch, name, sheet)
        return scores, better

    def is_better(self, scores: dict) -> bool:
        """Whether ``scores`` beat the best so far on the deciding set; without one, the last is the best."""
        deciding, best = self.task.deciding, self.state.best
        if deciding is None:
            return False
        return best is None or validation.rank(scores[deciding]) > validation.rank(best["sets"][deciding])

    def stalled(self, stage: Stage, epoch: int) -> bool:
        """Whether ``patience`` is at its end; it begins with the last stage."""
        if not self.config.patience or self.state.best is None or stage is not self.stages[-1]:
            return False
        since = epoch - max(self.state.best["epoch"], stage.first_epoch - 1)
        if since >= self.config.patience:
            note(f"no better AP50 on {self.task.deciding} for {since} epochs (patience): stopping early")
        return since >= self.config.patience

    def checkpoint(self, run: StageRun) -> None:
        """Write down everything the next step depends on."""
        run.account.check(self.state.epoch + 1)
        begin = time.monotonic()
        self.state.seconds = self.seconds_before + begin - self.began
        save_checkpoint(self.task.folder, self.state, run.variables)
        self.saved = time.monotonic()
        self.saving_took = self.saved - begin

    def leave(self, run: StageRun) -> None:
        """At the end, or when asked to stop: keep what is needed to go on, and the network as it is."""
        if self.state.finished:
            self.state.seconds = self.seconds_before + time.monotonic() - self.began
            save_checkpoint(self.task.folder, self.state, None)
        else:
            self.checkpoint(run)
            self.save_last(run)

    def save_last(self, run: StageRun) -> None:
        """The network as it is now, averaged if asked for, to score and to use."""
        self.task.evaluated.update(self.trained, run.optimizer, averaged=self.config.ema > 0)
        self.task.evaluated.save(self.task.folder / LAST)

    def draw_first_batches(self, batches: Batches) -> None:
        """What the network is about to be shown."""
        for name, sheet in batch_images.first_batch_sheets(batches):
            self.log.image(0, name, sheet)

    def progress_bar(self) -> Progress:
        """Over the images of all epochs."""
        done = total = 0
        for stage in self.stages:
            counted = self.config.epoch_pictures or sum(len(one.examples.examples) for one in self.task.sources)
            batch = min(stage.batch, counted)
            an_epoch = counted // batch * batch
            total += stage.epochs * an_epoch
            done += min(stage.epochs, max(0, self.state.epoch - stage.first_epoch + 1)) * an_epoch
            if stage.first_epoch <= self.state.epoch + 1 <= stage.last_epoch:
                done += self.state.step * batch
        return Progress(total, "training", "images", done=done)
