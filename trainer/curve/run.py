"""The points of a mixed-data curve, trained and scored one after the other; finished points are kept."""

from __future__ import annotations

import gc
import json
from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from shared_format import atomic
from shared_format.dataset import read_json

from ..datasets.writing import WRITERS
from ..disk_errors import make_folder
from ..errors import TrainerError
from ..examples.example import join
from ..examples.images import checked
from ..examples.readers import read_data, read_labels, read_training_data
from ..feeding.sources import fingerprint
from ..fitting import run_folder
from ..fitting.config import FitConfig, current_names, flat_json
from ..fitting.run_folder import FitInputs
from ..progress import note
from ..stop import StopRequest
from .plan import (
    AFTER_SYNTHETIC,
    LONGER,
    REGIME_NAMES,
    REGIMES,
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
from .series import METRICS, Scores, Series, series_json, series_of
from .subsets import order_of_images, refuse_shared, write_subset
from .table import table_csv

if TYPE_CHECKING:
    from ..fitting.fit import FitResult

SCHEMA_VERSION = 1
RESULT, TABLE, PLOT = "curve.json", "curve.csv", "curve"
_RUNS, _SCORES, _SUBSETS = "runs", "scores", "real"
_REPLAYED = 0.5  # fraction of real images in a training that replays synthetic ones


@dataclass(frozen=True)
class CurveConfigs:
    """The settings of each kind of training.

    Attributes:
        base: trainings on real images, and on both kinds together.
        pretrain: trainings on synthetic images alone.
        finetune: trainings that start from the synthetic model, on real images or on both kinds.
    """

    base: FitConfig
    pretrain: FitConfig
    finetune: FitConfig


class Curve:
    """A curve and its data, every image checked.

    Raises:
        TrainerError: unusable data, a test image that is trained on, or another curve in the folder.
    """

    def __init__(self, request: CurveRequest, settings: CurveConfigs, metric: str = "AP50") -> None:
        self.request, self.metric = request, metric
        self.synthetic, self.real = (
            checked(read_training_data(data, request.classes, request.boxes, request.kind, rules=request.rules))
            for data in (request.synthetic, request.real)
        )
        test = checked(read_data(request.test, request.classes, request.boxes, request.kind, rules=request.rules))
        refuse_shared(join([self.synthetic, self.real]), test)
        self.counts = real_counts(request.fractions, len(self.real.examples))
        self.orders = {seed: order_of_images(self.real, seed) for seed in request.seeds}
        self.settings = CurveConfigs(**{name: self._of_one_length(one) for name, one in vars(settings).items()})
        self.content = {
            name: {"pictures": len(one.examples), "boxes": one.box_count, "fingerprint": fingerprint(one)}
            for name, one in (("synthetic", self.synthetic), ("real", self.real), ("test", test))
        }
        start = request.weights is not None and can_be_scored(request.weights, request.classes)
        self.points = plan_points(request, len(self.real.examples), start)
        self.scored: dict[Point, Scores] = {}
        self._open()

    def _of_one_length(self, config: FitConfig) -> FitConfig:
        """The settings with what all trainings share: the number of images per epoch, the anchors and the loss."""
        from ..tasks import task_named

        images = config.epoch_images or max(len(self.synthetic.examples), len(self.real.examples))
        anchors = "model" if config.anchors == "auto" and self.request.weights is None else config.anchors
        loss = task_named(config.task).learning.chosen_loss(config.loss, self.request.weights)
        return replace(config, epoch_images=images, anchors=anchors, loss=loss)

    def _open(self) -> None:
        """Read the finished points of this curve."""
        out = self.request.out
        if (out / RESULT).is_file():
            refuse_another(out, read_json(out / RESULT), json.loads(json.dumps(self.to_json())))
        elif out.exists() and (not out.is_dir() or any(out.iterdir())):
            raise TrainerError(f"{out}: exists and is not the folder of a curve; --out needs a new folder")
        for point in self.points:
            path = self._score_file(point)
            if path.is_file():
                self.scored[point] = read_json(path)["metrics"]

    @property
    def left(self) -> list[Point]:
        """The points that are not scored yet."""
        return [point for point in self.points if point not in self.scored]

    def cost(self) -> str:
        """How many trainings of which regimes are planned, and how many images are left to train on, as text."""
        trainings = [point for point in self.points if point.regime != START]
        left = [point for point in self.left if point.regime != START]
        counts = Counter(point.regime for point in trainings)
        kinds = [f"{counts[regime]} of {REGIME_NAMES[regime]}" for regime in REGIMES if counts[regime]]
        shown = sum(images_shown(self._config(point)) for point in left)
        done = f", {len(trainings) - len(left)} of them done" if len(left) < len(trainings) else ""
        return (
            f"{len(trainings)} trainings{done} ({'; '.join(kinds)}; seeds {', '.join(map(str, self.request.seeds))}), "
            f"in epochs of {self.settings.base.epoch_images} images: {shown:,} images left to train on"
        )

    def run(self) -> dict[str, Any]:
        """Train and score the points that are left; write the table, the plot and the JSON after every point.

        Returns:
            ``to_json``, with ``interrupted``.
        """
        make_folder(self.request.out)
        self._write()
        interrupted = False
        with StopRequest() as stop:
            for point in self.left:
                place = f"[{self.points.index(point) + 1}/{len(self.points)}]"
                note(f"{place} {REGIME_NAMES[point.regime]}, {point.images} real images, seed {point.seed}")
                interrupted = point.regime != START and self._train(point)["interrupted"]
                if interrupted:
                    break
                self._score(point)
                self._write()
                if stop.requested and self.left:  # a stop was requested while a point was scored
                    interrupted = True
                    break
        return {**self.to_json(), "interrupted": interrupted}

    def _train(self, point: Point) -> FitResult:
        """Train the point, or resume its training."""
        return train(self._inputs(point), self._config(point), run_folder.holds_run(self._run(point)))

    def _config(self, point: Point) -> FitConfig:
        settings = self.settings
        if point.regime == LONGER:
            config = lengthened(settings.base, images_shown(settings.pretrain) + images_shown(settings.finetune))
        elif point.regime == SYNTHETIC:
            config = settings.pretrain
        else:
            config = settings.finetune if point.regime in AFTER_SYNTHETIC else settings.base
        return replace(config, seed=point.seed)

    def _inputs(self, point: Point) -> FitInputs:
        request = self.request
        weights = request.weights if point.after is None else str(self._run(point.after))
        data = self._data(point)
        given = {**request.given, "curve": point.name}
        kind = request.kind if request.kind in WRITERS else None  # that of the subsets, too
        names = (request.classes, request.boxes, kind)
        return FitInputs(data, self._run(point), request.validation, weights, *names, given, request.rules)

    def _data(self, point: Point) -> tuple[str, ...]:
        """The training data of the point, as DATA with fractions."""
        if point.regime == SYNTHETIC:
            return (self.request.synthetic,)
        real = self._subset(point)
        if point.regime not in (REPLAY, TOGETHER):
            return (real,)
        real_fraction = self.request.real_share or (_REPLAYED if point.regime == REPLAY else None)
        if real_fraction is None:
            return (self.request.synthetic, real)
        return (f"{self.request.synthetic}@{1 - real_fraction:.6f}", f"{real}@{real_fraction:.6f}")

    def _subset(self, point: Point) -> str:
        """The real images of the point, as DATA."""
        if point.images == len(self.real.examples):
            return self.request.real
        folder = self.request.out / _SUBSETS / f"{point.images}-seed{point.seed}"
        request = self.request
        labels = read_labels(
            request.real, request.classes, request.kind, masks=True, for_training=True, rules=request.rules
        )
        chosen = self.orders[point.seed][: point.images]
        write_subset(folder, labels, chosen, request.classes, request.boxes)
        return str(folder)

    def _score(self, point: Point) -> None:
        request = self.request
        model = request.weights if point.regime == START and request.weights else str(self._run(point))
        # The starting weights, too, are scored at the size of the trainings, which may differ from their own.
        metrics = score(model, request, self.settings.base.size)
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
        """The title of the plot: the numbers of images."""
        counts = {name: self.content[name]["pictures"] for name in ("synthetic", "test")}
        return f"{counts['synthetic']} synthetic images, tested on {counts['test']} real ones"

    @property
    def series(self) -> Series:
        """The series of the points that are scored."""
        return series_of([(point, self.scored[point]) for point in self.points if point in self.scored])

    def to_json(self) -> dict[str, Any]:
        """The whole curve as JSON."""
        return {
            "schema_version": SCHEMA_VERSION,
            "out": str(self.request.out),
            "request": self.request.to_json(),
            "data": self.content,
            "settings": {name: one.to_json() for name, one in vars(self.settings).items()},
            "fractions": list(self.counts),
            "seeds": list(self.request.seeds),
            "trainings": sum(point.regime != START for point in self.points),
            "series": series_json(self.series),
            "points": [{**_point_json(p), "metrics": self.scored[p]} for p in self.points if p in self.scored],
        }


def images_shown(config: FitConfig) -> int:
    """How many images a training sees."""
    return config.epochs * config.epoch_images


def lengthened(config: FitConfig, images: int) -> FitConfig:
    """The settings of a training on at least ``images`` images: its last stage gets more whole epochs."""
    more = max(0, round(images / config.epoch_images) - config.epochs)
    if config.stages:
        *before, last = config.stages
        return replace(config, stages=(*before, replace(last, epochs=last.epochs + more)))
    return replace(config, epochs=config.epochs + more)


def train(inputs: FitInputs, config: FitConfig, resume: bool) -> FitResult:
    """Train once, as one of many trainings of this process; the result of ``fit.fit``."""
    import keras

    from ..fitting.fit import fit

    result = fit(inputs, config, resume)
    # The next training does not need the graphs of this one.
    keras.backend.clear_session()
    gc.collect()
    return result


def score(model: str, request: CurveRequest, size: int) -> Scores:
    """The plain score of MODEL on the test images of ``request``, at an input of ``size`` pixels."""
    from ..evaluation.scoring import DataRequest, ModelRequest, plain_score

    data = DataRequest(request.test, request.boxes, request.kind, choice=request.rules)
    scores = plain_score(model, data, ModelRequest(size))
    return {name: value for name, value in scores.items() if name in (*METRICS, "confidence", "images", "boxes")}


def can_be_scored(weights: str, classes: tuple[str, ...]) -> bool:
    """Whether starting weights are a complete detector of one of ``classes``, not only a darknet .weights file.

    Raises:
        TrainerError: they are neither.
    """
    from ..models.files import darknet_pair, model_spec

    path = Path(weights)
    if darknet_pair(weights) is None and path.is_file() and path.suffix != ".keras":
        return False
    return bool(set(model_spec(weights).classes) & set(classes))


def refuse_another(out: Path, before: dict[str, Any], now: dict[str, Any]) -> None:
    """Raise TrainerError unless the curve of ``before``, a parsed ``curve.json``, can be resumed as ``now``."""
    if before.get("schema_version") != SCHEMA_VERSION:
        raise TrainerError(f"{out / RESULT}: written by another version, which cannot be resumed; choose another --out")
    for part in ("request", "data", "settings"):
        known, requested = current_names(flat_json(before[part]), say=False), flat_json(now[part])
        for name in requested:
            if known.get(name) != requested[name]:
                raise TrainerError(
                    f"{out}: holds a curve with {name} {known.get(name)!r}, now {requested[name]!r}; only --fractions, "
                    "--seeds and --regimes can be added; choose another --out"
                )


def _point_json(point: Point) -> dict[str, Any]:
    return {
        "name": point.name,
        "arm": point.regime,
        "fraction": point.fraction,
        "real_pictures": point.images,
        "seed": point.seed,
    }
