"""The points of a mixed-data curve, trained and scored one after the other; what is there already is kept."""

from __future__ import annotations

import gc
import json
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Optional

from shared_format import atomic
from shared_format.dataset import read_json

from ..disk_errors import make_folder
from ..errors import TrainerError
from ..examples.example import join
from ..examples.images import checked
from ..examples.readers import read_data, read_labels
from ..feeding.sources import fingerprint
from ..fitting import run_folder
from ..fitting.config import FitConfig, flat_json
from ..fitting.inputs import FitInputs
from ..progress import note
from ..stop import StopRequest
from .plan import (
    AFTER_SYNTHETIC,
    ARM_NAMES,
    ARMS,
    LONGER,
    REPLAY,
    START,
    SYNTHETIC,
    TOGETHER,
    CurveRequest,
    Point,
    plan_points,
    real_counts,
)
from .plot import draw
from .series import METRICS, series_json, series_of
from .subsets import refuse_shared, seen_order, write_subset
from .table import table_csv

SCHEMA_VERSION = 1
RESULT, TABLE, PLOT = "curve.json", "curve.csv", "curve"
_RUNS, _SCORES, _SUBSETS = "runs", "scores", "real"
_REPLAYED = 0.5  # share of real images that go on from the synthetic model while synthetic ones are shown again


@dataclass(frozen=True)
class Settings:
    """The settings of the trainings.

    Attributes:
        base: those with real images, and with both together.
        pretrain: those on synthetic images alone.
        finetune: those that go on from the synthetic model, with real images or with both.
    """

    base: FitConfig
    pretrain: FitConfig
    finetune: FitConfig


class Curve:
    """A curve and its data, every image checked.

    Raises:
        TrainerError: unusable data, a test image that is trained on, or another curve in the folder.
    """

    def __init__(self, request: CurveRequest, settings: Settings, metric: str = "AP50") -> None:
        self.request, self.metric = request, metric
        words = (request.classes, request.boxes, request.kind)
        self.synthetic = checked(read_data(request.synthetic, *words))
        self.real = checked(read_data(request.real, *words))
        test = checked(read_data(request.test, *words))
        refuse_shared(join([self.synthetic, self.real]), test)
        self.counts = real_counts(request.fractions, len(self.real.examples))
        self.orders = {seed: seen_order(self.real, seed) for seed in request.seeds}
        self.settings = Settings(**{name: self._of_one_length(one) for name, one in vars(settings).items()})
        self.content = {
            name: {"pictures": len(one.examples), "boxes": one.box_count, "fingerprint": fingerprint(one)}
            for name, one in (("synthetic", self.synthetic), ("real", self.real), ("test", test))
        }
        start = request.weights is not None and can_be_scored(request.weights, request.classes)
        self.points = plan_points(request, len(self.real.examples), start)
        self.scored: dict = {}
        self._open()

    def _of_one_length(self, config: FitConfig) -> FitConfig:
        """An epoch of every training has as many images, however few there are, with the same anchors and loss."""
        from ..models.transfer import chosen_loss

        images = config.epoch_pictures or max(len(self.synthetic.examples), len(self.real.examples))
        anchors = "model" if config.anchors == "auto" and self.request.weights is None else config.anchors
        loss = chosen_loss(config.loss, self.request.weights)
        return replace(config, epoch_pictures=images, anchors=anchors, loss=loss)

    def _open(self) -> None:
        """Find what is there of this curve already."""
        out = self.request.out
        if (out / RESULT).is_file():
            refuse_another(out, read_json(out / RESULT), json.loads(json.dumps(self.to_json())))
        elif out.exists() and (not out.is_dir() or any(out.iterdir())):
            raise TrainerError(f"{out}: already there and not a curve; --out needs a new folder")
        for point in self.points:
            path = self._score_file(point)
            if path.is_file():
                self.scored[point] = read_json(path)["metrics"]

    @property
    def left(self) -> list:
        """The points that are not scored yet."""
        return [point for point in self.points if point not in self.scored]

    def cost(self) -> str:
        """What is ahead, for people: how many trainings, of how many images each."""
        trainings = [point for point in self.points if point.arm != START]
        left = [point for point in self.left if point.arm != START]
        counts = Counter(point.arm for point in trainings)
        kinds = [f"{counts[arm]} of {ARM_NAMES[arm]}" for arm in ARMS if counts[arm]]
        shown = sum(images_shown(self._config(point)) for point in left)
        done = f", {len(trainings) - len(left)} of them done" if len(left) < len(trainings) else ""
        return (
            f"{len(trainings)} trainings{done} ({'; '.join(kinds)}; seeds {', '.join(map(str, self.request.seeds))}), "
            f"in epochs of {self.settings.base.epoch_pictures} images: {shown:,} images to be shown"
        )

    def run(self) -> dict:
        """Train and score what is left; the table, the plot and the JSON are written after every point.

        Returns:
            ``to_json``, with ``interrupted``.
        """
        make_folder(self.request.out)
        self._write()
        interrupted = False
        with StopRequest() as stop:
            for point in self.left:
                place = f"[{self.points.index(point) + 1}/{len(self.points)}]"
                note(f"{place} {ARM_NAMES[point.arm]}, {point.images} real images, seed {point.seed}")
                interrupted = point.arm != START and self._train(point)["interrupted"]
                if interrupted:
                    break
                self._score(point)
                self._write()
                if stop.made and self.left:  # asked for while a point was scored
                    interrupted = True
                    break
        return {**self.to_json(), "interrupted": interrupted}

    def _train(self, point: Point) -> dict:
        """Train the point, or go on with it."""
        return train(self._inputs(point), self._config(point), run_folder.holds_run(self._run(point)))

    def _config(self, point: Point) -> FitConfig:
        settings = self.settings
        if point.arm == LONGER:
            config = lengthened(settings.base, images_shown(settings.pretrain) + images_shown(settings.finetune))
        elif point.arm == SYNTHETIC:
            config = settings.pretrain
        else:
            config = settings.finetune if point.arm in AFTER_SYNTHETIC else settings.base
        return replace(config, seed=point.seed)

    def _inputs(self, point: Point) -> FitInputs:
        request = self.request
        weights = request.weights if point.after is None else str(self._run(point.after))
        data = self._data(point)
        given = {**request.given, "curve": point.name}
        names = (request.classes, request.boxes, request.kind)
        return FitInputs(data, self._run(point), request.validation, weights, *names, given)

    def _data(self, point: Point) -> tuple:
        """What the point is trained on, as DATA with shares."""
        if point.arm == SYNTHETIC:
            return (self.request.synthetic,)
        real = self._subset(point)
        if point.arm not in (REPLAY, TOGETHER):
            return (real,)
        share = self.request.real_share or (_REPLAYED if point.arm == REPLAY else None)
        if share is None:
            return (self.request.synthetic, real)
        return (f"{self.request.synthetic}@{1 - share:.6f}", f"{real}@{share:.6f}")

    def _subset(self, point: Point) -> str:
        """The real images of the point, as DATA."""
        if point.images == len(self.real.examples):
            return self.request.real
        folder = self.request.out / _SUBSETS / f"{point.images}-seed{point.seed}"
        labels = read_labels(self.request.real, self.request.classes, self.request.kind)
        chosen = self.orders[point.seed][: point.images]
        write_subset(folder, labels, chosen, self.request.classes, self.request.boxes)
        return str(folder)

    def _score(self, point: Point) -> None:
        model = self.request.weights if point.arm == START else str(self._run(point))
        request = self.request
        # The starting weights too at the size of the trainings, which need not be theirs.
        metrics = score(model, request.test, request.boxes, request.kind, self.settings.base.size)
        path = self._score_file(point)
        path.parent.mkdir(exist_ok=True)
        atomic.write_json(path, {"schema_version": SCHEMA_VERSION, **_point_json(point), "metrics": metrics})
        self.scored[point] = metrics

    def _run(self, point: Point) -> Path:
        return self.request.out / _RUNS / point.name

    def _score_file(self, point: Point) -> Path:
        return self.request.out / _SCORES / f"{point.name}.json"

    def _write(self) -> None:
        out, series = self.request.out, self.series
        atomic.write_json(out / RESULT, self.to_json())
        if self.scored:
            atomic.write_bytes(out / TABLE, table_csv(series).encode())
            for suffix in ("png", "svg"):
                image = draw(series, self.metric, self.title, suffix)
                atomic.write_bytes(out / f"{PLOT}.{suffix}", image)

    @property
    def title(self) -> str:
        """What was trained and tested on."""
        counts = {name: self.content[name]["pictures"] for name in ("synthetic", "test")}
        return f"{counts['synthetic']} synthetic images, tested on {counts['test']} real ones"

    @property
    def series(self) -> dict:
        """The series of the points that are scored."""
        return series_of([(point, self.scored[point]) for point in self.points if point in self.scored])

    def to_json(self) -> dict:
        """Everything the curve holds, JSON-able."""
        return {
            "schema_version": SCHEMA_VERSION,
            "out": str(self.request.out),
            "request": self.request.to_json(),
            "data": self.content,
            "settings": {name: one.to_json() for name, one in vars(self.settings).items()},
            "fractions": list(self.counts),
            "seeds": list(self.request.seeds),
            "trainings": sum(point.arm != START for point in self.points),
            "series": series_json(self.series),
            "points": [{**_point_json(p), "metrics": self.scored[p]} for p in self.points if p in self.scored],
        }


def images_shown(config: FitConfig) -> int:
    """How many images a training of one length shows."""
    return config.epochs * config.epoch_pictures


def lengthened(config: FitConfig, images: int) -> FitConfig:
    """The settings for a training that is shown so many ``images`` or more, by whole epochs of its last stage."""
    more = max(0, round(images / config.epoch_pictures) - config.epochs)
    if config.stages:
        *before, last = config.stages
        return replace(config, stages=(*before, replace(last, epochs=last.epochs + more)))
    return replace(config, epochs=config.epochs + more)


def train(inputs: FitInputs, config: FitConfig, resume: bool) -> dict:
    """One training of many in this process; the result of ``fit.fit``."""
    import keras

    from ..fitting.fit import fit

    result = fit(inputs, config, resume)
    # The graphs of one training are of no use to the next.
    keras.backend.clear_session()
    gc.collect()
    return result


def score(model: str, data: str, boxes: str, kind: Optional[str], size: int) -> dict:
    """The plain numbers of MODEL's score on DATA, at an input of ``size`` pixels."""
    from ..evaluation.scoring import DataRequest, ModelRequest, plain_score

    scores = plain_score(model, DataRequest(data, boxes, kind), ModelRequest(size))
    return {name: scores[name] for name in (*METRICS, "confidence", "images", "boxes")}


def can_be_scored(weights: str, classes: tuple) -> bool:
    """Whether starting weights are a whole detector of one of ``classes``, not a bare file of darknet's weights.

    Raises:
        TrainerError: they are neither.
    """
    from ..models.files import darknet_pair, detector_spec

    path = Path(weights)
    if darknet_pair(weights) is None and path.is_file() and path.suffix != ".keras":
        return False
    return bool(set(detector_spec(weights).classes) & set(classes))


def refuse_another(out: Path, before: dict, now: dict) -> None:
    """Raise TrainerError unless the curve of ``before``, a parsed ``curve.json``, can be gone on with as ``now``."""
    if before.get("schema_version") != SCHEMA_VERSION:
        raise TrainerError(f"{out / RESULT}: not of a curve of this version, which cannot be gone on with")
    for part in ("request", "data", "settings"):
        known, asked = flat_json(before[part]), flat_json(now[part])
        for name in asked:
            if known.get(name) != asked[name]:
                raise TrainerError(
                    f"{out}: holds a curve with {name} {known.get(name)!r}, now {asked[name]!r}; only --fractions, "
                    "--seeds and --arms can be added to, choose another --out"
                )


def _point_json(point: Point) -> dict:
    return {
        "name": point.name,
        "arm": point.arm,
        "fraction": point.fraction,
        "real_pictures": point.images,
        "seed": point.seed,
    }
