"""The training loop: stages, epochs, steps; what happens after each, in order."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import NamedTuple, Optional

from ..feeding.batches import Batches
from ..models.run_files import BEST, LAST
from ..progress import Progress, note
from ..stop import StopRequest
from ..tasks import Scores
from . import validation
from .checkpoint import Arrays, RunState, restore, save_checkpoint
from .compiled_stage import CompiledStage, compile_stage, describe_stage, images_per_epoch, open_batches
from .network_copies import trained_copy
from .prepared_run import PreparedRun
from .records import RunRecords, describe_epoch, first_batch_sheets, prediction_sheets, print_epoch
from .stages import Stage

# Reading a number back makes the step wait for it: the loss is checked every this many steps.
STEPS_PER_CHECK = 10
# An epoch ends with a checkpoint if writing one takes at most one part in this many of the time since the last.
TIME_PER_SAVING = 20


class EpochScores(NamedTuple):
    """The metrics of every set in an epoch that was validated (else empty), and whether they are the best so far."""

    scores: validation.Scores
    better: bool


class TrainingLoop:
    """Trains a prepared run from its ``state`` on; ``arrays`` are those of its checkpoint, or None."""

    def __init__(self, prepared: PreparedRun, state: RunState, arrays: Optional[Arrays]) -> None:
        self.prepared, self.state, self.arrays = prepared, state, arrays
        self.config, self.evaluated = prepared.config, prepared.evaluated
        self.stages = self.config.planned_stages
        self.trained = trained_copy(self.evaluated.network, self.evaluated.spec, self.config)
        self.task, self.metrics = prepared.task, prepared.task.scoring.columns
        columns = validation.column_names(self.metrics, prepared.set_names)
        self.records = RunRecords(prepared.folder, prepared.terms, columns, state.history)
        self.saved = self.began = time.monotonic()
        self.saving_took = 0.0
        self.seconds_before = state.seconds

    def run(self) -> None:
        """Train to the end, or until a stop is requested: ``state`` says which."""
        with closing(self.records), StopRequest() as self.stop, self.progress_bar() as self.progress:
            for stage in self.stages:
                if stage.last_epoch > self.state.epoch and not self.over:
                    self.train_stage(stage)

    @property
    def over(self) -> bool:
        """Whether a stop was requested or the training is complete."""
        return self.stop.requested or self.state.finished

    def train_stage(self, stage: Stage) -> None:
        """Train every epoch of ``stage`` that is left."""
        with self.compiled(stage) as run:
            for epoch in range(max(stage.first_epoch, self.state.epoch + 1), stage.last_epoch + 1):
                self.train_epoch(run, epoch)
                if not self.stop.requested:
                    self.finish_epoch(run, epoch)
                if self.over:
                    self.leave(run)
                    break

    @contextmanager
    def compiled(self, stage: Stage) -> Iterator[CompiledStage]:
        """The stage with its batches, at its beginning or as its checkpoint left it."""
        spec = self.evaluated.spec
        with open_batches(stage, self.config, spec, self.prepared.sources) as batches:
            run = compile_stage(stage, self.config, spec, self.trained, batches)
            note(describe_stage(run))
            if self.arrays is not None:
                # A checkpoint from the end of the previous stage holds that stage's optimiser.
                restore(run.variables if self.state.stage == stage.number else self.trained, self.arrays)
                self.arrays = None
            self.state.stage = stage.number
            if self.state.epoch == self.state.step == 0:
                self.draw_first_batches(batches)
            yield run

    def train_epoch(self, run: CompiledStage, epoch: int) -> None:
        """Train the steps of an epoch that are left, or until a stop is requested."""
        if self.state.step == 0:
            run.account.clear()
        self.progress.begin_epoch()
        for pixels, targets in run.batches.epoch(epoch - 1, self.state.step):
            run.step(pixels, targets)
            self.state.step += 1
            self.progress.advance(len(pixels))
            if self.state.step % STEPS_PER_CHECK == 0:
                run.account.check(epoch)
            if self.stop.requested:
                break
            if time.monotonic() - self.saved > self.config.checkpoint_minutes * 60:
                self.checkpoint(run)
        run.account.check(epoch)

    def finish_epoch(self, run: CompiledStage, epoch: int) -> None:
        """Validate, keep the best network, record the numbers of the epoch, and save a checkpoint."""
        rate = self.progress.epoch_rate
        row = {"epoch": epoch, "stage": run.stage.number, "learning_rate": run.learning_rate, **run.means}
        scores, better = self.validate(run, epoch)
        self.state.epoch, self.state.step = epoch, 0
        self.state.finished = epoch == self.stages[-1].last_epoch or self.stalled(run.stage, epoch)
        self.records.add({**row, **validation.columns(self.metrics, scores)}, rate)
        line = describe_epoch(row, self.stages[-1].last_epoch, self.prepared.terms, rate)
        described = validation.describe(self.metrics, scores)
        print_epoch(line, described, better, 0.0 if self.state.finished else self.progress.remaining)
        if time.monotonic() - self.saved > TIME_PER_SAVING * self.saving_took:
            self.checkpoint(run)

    def validate(self, run: CompiledStage, epoch: int) -> EpochScores:
        """Score every set if ``epoch`` is validated, and save the network if it is the best so far."""
        if epoch % self.config.validate_every and epoch != self.stages[-1].last_epoch:
            return EpochScores({}, False)
        self.save_last(run)
        scores, predictions = validation.validate(self.task, self.evaluated.predictor, self.prepared.sets)
        better = self.is_better(scores)
        if better:
            self.state.best = {"epoch": epoch, "sets": scores}
            self.evaluated.save(self.prepared.folder / BEST)
            for name, sheet in prediction_sheets(self.task, self.prepared.sets, predictions):
                self.records.image(epoch, name, sheet)
        return EpochScores(scores, better)

    def is_better(self, scores: validation.Scores) -> bool:
        """Whether ``scores`` beat the best so far on the deciding set; never without such a set."""
        deciding, best = self.prepared.deciding, self.state.best
        if deciding is None:
            return False
        return best is None or self.rank(scores[deciding]) > self.rank(best["sets"][deciding])

    def rank(self, metrics: Scores) -> tuple[float, ...]:
        """What epochs are compared by."""
        return self.task.scoring.rank(metrics)

    def stalled(self, stage: Stage, epoch: int) -> bool:
        """Whether the last stage has gone ``patience`` epochs without improvement."""
        if not self.config.patience or self.state.best is None or stage is not self.stages[-1]:
            return False
        since = epoch - max(self.state.best["epoch"], stage.first_epoch - 1)
        if since >= self.config.patience:
            note(
                f"no better {self.metrics[0]} on {self.prepared.deciding} for {since} epochs (patience): stopping early"
            )
        return since >= self.config.patience

    def checkpoint(self, run: CompiledStage) -> None:
        """Save everything the next step depends on."""
        run.account.check(self.state.epoch + 1)
        begin = time.monotonic()
        self.state.seconds = self.seconds_before + begin - self.began
        save_checkpoint(self.prepared.folder, self.state, run.variables)
        self.saved = time.monotonic()
        self.saving_took = self.saved - begin

    def leave(self, run: CompiledStage) -> None:
        """At the end, or when a stop was requested: save what resuming needs, and the network as it is."""
        if self.state.finished:
            self.state.seconds = self.seconds_before + time.monotonic() - self.began
            save_checkpoint(self.prepared.folder, self.state, None)
        else:
            self.checkpoint(run)
            self.save_last(run)

    def save_last(self, run: CompiledStage) -> None:
        """Save the present network, or its moving average if that is on."""
        self.evaluated.update(self.trained, run.optimizer, averaged=self.config.ema > 0)
        self.evaluated.save(self.prepared.folder / LAST)

    def draw_first_batches(self, batches: Batches) -> None:
        """Save sheets of the first batches as the network will see them."""
        for name, sheet in first_batch_sheets(self.task, batches):
            self.records.image(0, name, sheet)

    def progress_bar(self) -> Progress:
        """A bar over the images of all epochs."""
        done = total = 0
        for stage in self.stages:
            per_epoch = images_per_epoch(stage, self.config, self.prepared.sources)
            total += stage.epochs * per_epoch
            done += min(stage.epochs, max(0, self.state.epoch - stage.first_epoch + 1)) * per_epoch
            if stage.first_epoch <= self.state.epoch + 1 <= stage.last_epoch:
                done += self.state.step * min(stage.batch, per_epoch)
        return Progress(total, "training", "images", done=done)
