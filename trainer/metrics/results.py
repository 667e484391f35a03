"""The types of ``metrics.json``: every metric of one detector, by key.

A metric for which there is no ground truth, or no detection, is None. Fractions are 0..1.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Optional, TypedDict, Union

from .arrays import Interval

Number = Optional[float]


class Rates(TypedDict):
    """The numbers of all detections of at least one confidence; ``found, false, missed`` are counts.

    ``accuracy`` is found / (found + false + missed); ``false_per_picture`` is false positives per image.
    """

    found: int
    false: int
    missed: int
    precision: Number
    recall: Number
    f1: Number
    f2: Number
    accuracy: Number
    false_per_picture: Number


class ConfidenceRow(Rates):
    """The numbers at a confidence."""

    confidence: float


class IouRow(Rates):
    """The numbers at an IoU threshold."""

    iou: float


class MissRate(TypedDict):
    """``miss_rate`` at the lowest ``confidence`` that is allowed, None where none is."""

    miss_rate: float
    confidence: Number


class MissRateAt(MissRate):
    """The miss rate at this number of false positives per image."""

    false_per_picture: float


class BestF(TypedDict):
    """Where an F score is best."""

    precision: float
    recall: float
    f: float
    confidence: Number


class BestF2(TypedDict):
    """Where F2 is best."""

    precision: float
    recall: float
    f2: float
    confidence: Number


class CocoMetrics(TypedDict):
    """COCO's twelve numbers."""

    AP: Number
    AP50: Number
    AP75: Number
    AP_small: Number
    AP_medium: Number
    AP_large: Number
    AR1: Number
    AR10: Number
    AR100: Number
    AR_small: Number
    AR_medium: Number
    AR_large: Number


class SliceScore(TypedDict):
    """The score of a part of the data."""

    images: int
    boxes: int
    AP50: Number
    AP: Number
    precision: Number
    recall: Number
    f1: Number
    miss_rate: Number
    false_per_picture: Number


class SliceRow(SliceScore):
    """The score of a slice with its 95 % intervals."""

    AP50_interval: Interval
    recall_interval: Interval


class NamedSlice(SliceRow):
    """A slice in a list of all."""

    attribute: str
    value: str


Slices = dict[str, dict[str, SliceRow]]  # {attribute: {value: its score}}


class TwoWayTable(TypedDict):
    """The scores of every pair of values of the attributes ``rows`` and ``columns``; None where no image has both."""

    rows: str
    columns: str
    row_values: list[str]
    column_values: list[str]
    cells: list[list[Optional[SliceScore]]]


CaseTable = dict[str, dict[str, list[Number]]]  # {tab: {column: [AP50 at the tab's first value, at its second]}}


class Score(CocoMetrics):
    """What ``evaluate`` gives: COCO's metrics, and precision and recall at the confidence of the best F1."""

    schema_version: int
    precision: Number
    recall: Number
    f1: Number
    confidence: Number
    images: int
    boxes: int
    slices: Slices


class Intervals(TypedDict):
    """95 % intervals by resampling the scenes."""

    AP50: Interval
    AP: Interval
    recall: Interval
    resamples: int


class VocMetrics(TypedDict):
    """PASCAL VOC's AP at IoU 0.5: of 11 points (until 2009), and the area (from 2010)."""

    AP_11: Number
    AP_area: Number


class ClassScore(TypedDict):
    """One class; None where it has no labelled objects. Precision and recall are at the best F1 over all classes."""

    boxes: int
    AP50: Number
    AP: Number
    precision: Number
    recall: Number


class EmptyImages(TypedDict):
    """False positives in images without labelled objects; ``share_with_false_alarm`` is the fraction with any."""

    images: int
    false_alarms: int
    false_per_picture: Number
    share_with_false_alarm: Number


class RecallAt(TypedDict):
    """The recall at this number of false positives per image."""

    false_per_picture: float
    recall: float


class LyingScore(TypedDict):
    """The score of people lying down."""

    boxes: int
    recall: Number
    recall_interval: Interval
    AP50: Number
    recall_at_false_per_picture: RecallAt


class ErrorKind(TypedDict):
    """How many errors there are of a kind, and what AP50 would gain without them."""

    count: int
    lost_ap50: float


class Confusion(TypedDict):
    """Rows are true classes, columns predicted ones; the last of both is the background."""

    classes: list[str]
    confidence: float
    matrix: list[list[int]]


class CalibrationBin(TypedDict):
    """The detections whose confidence is from ``low`` to ``high``; means are None in an empty bin."""

    low: float
    high: float
    count: int
    confidence: Number
    precision: Number


class Calibration(TypedDict):
    """How far precision and confidence differ: the mean over detections (ECE), the largest of a bin, and the bins."""

    expected_error: Number
    largest_error: Number
    lowest: float
    bins: list[CalibrationBin]


class _Curves(TypedDict):
    confidence: list[ConfidenceRow]
    recall: list[float]
    precision: list[float]
    false_per_picture: list[float]
    miss_rate: list[float]


class Curves(_Curves, total=False):
    """Rows per 0.01 of confidence; COCO's 101 points of recall and precision; the miss rate at 61 numbers of false
    positives per image from 0.01 to 10; in a comparison rows per 0.01 of IoU too."""

    iou: list[IouRow]


class DegradedScore(TypedDict):
    """The score of images at one level of a degradation; level None: the images as they are."""

    level: Number
    AP: Number
    AP50: Number
    precision: Number
    recall: Number
    f1: Number
    false_per_picture: Number


class DegradationCurve(TypedDict):
    """``usual`` is the level that YOLOv3-Blender used."""

    unit: str
    usual: float
    levels: list[Mapping[str, Any]]  # Any: a task's own numbers; detection's are ``DegradedScore``


class Analysed(Score):
    """What ``analysis.analyse`` gives beside the plain score."""

    intervals: Intervals
    voc: VocMetrics
    classes: dict[str, ClassScore]
    best_f2: BestF2
    false_per_picture: Number
    miss_rate: Optional[MissRateAt]
    log_average_miss_rate: Number
    empty_pictures: EmptyImages
    lying: Optional[LyingScore]
    tide: Optional[dict[str, ErrorKind]]
    confusion: Confusion
    calibration: Calibration
    curves: Curves
    two_way: list[TwoWayTable]
    cases: CaseTable


class _Degradations(TypedDict, total=False):
    degradations: dict[str, DegradationCurve]


class Metrics(Analysed, _Degradations):
    """``metrics.json``: also what was scored, and with what settings."""

    task: str
    model: str
    data: str
    settings: Mapping[str, Union[str, int, float, list[str]]]


class Difference(TypedDict):
    """``model`` minus ``other`` in one metric: the difference, its 95 % interval, two-sided p, and which is better."""

    metric: str
    model: str
    other: str
    difference: float
    interval: Interval
    p: float
    verdict: str


class Compared(TypedDict):
    """The ``metrics.json`` of a comparison; ``summary`` has the same names for every model."""

    schema_version: int
    task: str
    data: str
    summary: dict[str, dict[str, Number]]
    differences: list[Difference]
    models: dict[str, Metrics]
