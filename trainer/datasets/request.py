"""The part of a request that `trainer convert`, `merge` and `split` share: how DATA is read, and what is written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Optional

from shared_format.record import DEFAULT_BOXES, DEFAULT_CLASSES

from ..errors import TrainerError
from ..examples.readers import read_labels
from ..formats.class_rules import ClassRules
from ..formats.label_set import LabelSet
from .label_style import DEFAULT_REQUEST, KEYPOINTS, MASKS, LabelRequest, needs_masks
from .writing import WrittenCounts


@dataclass(frozen=True)
class DatasetRequest:
    """How DATA is read and what is written of it.

    Attributes:
        out: the new folder.
        kind: the format to write, a key of ``writing.WRITERS``; None: that of the data, as ``writing.written_kind``.
        boxes: the box policy of what has several boxes.
        classes: the classes to keep, in the order of their numbers; empty: all, as the data orders them.
        rules: which objects are of which class; None: their categories are their classes.
        source_kind: the format to read, or None to recognise it.
        labels: what is written beside the boxes.
    """

    out: Path
    kind: Optional[str] = None
    boxes: str = DEFAULT_BOXES
    classes: tuple[str, ...] = ()
    rules: Optional[ClassRules] = None
    source_kind: Optional[str] = None
    labels: LabelRequest = DEFAULT_REQUEST

    def read(self, data: str) -> LabelSet:
        """The labels of DATA as the command line takes it, with masks where they are to be written.

        Raises:
            TrainerError: nothing is there, the kind is not recognised, or nothing is left of the split or slice.
            FormatError: labels that cannot be used.
        """
        masks = needs_masks(data, self.source_kind, self.kind, self.labels)
        names = self.classes or DEFAULT_CLASSES
        return read_labels(data, names, self.source_kind, masks=masks, rules=self.rules)

    def refuse_missing_labels(self, data: str, *parts: WrittenCounts) -> None:
        """Raise TrainerError if key points or masks were asked for and none of the boxes written of DATA has any."""
        written = sum(counts["boxes"] for counts in parts)
        of_labels = {
            KEYPOINTS: sum(counts["keypoints"] for counts in parts),
            MASKS: sum(counts["masks"] for counts in parts),
        }
        asked = self.labels.labels
        if asked is not None and written and of_labels.get(asked) == 0:
            raise TrainerError(f"--labels {asked}: {data} has {written} boxes and no {asked}")
