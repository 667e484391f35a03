"""Subsets of the real images, each a dataset folder; a smaller subset lies within every larger one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from shared_format.record import Frame

from ..datasets.duplicate_files import contents
from ..datasets.label_style import label_style
from ..datasets.writing import Incoming, NewDataset, incoming, new_folder, write_images, written_kind
from ..errors import TrainerError
from ..examples.example import ExampleSet
from ..formats.label_set import SPLIT, TRAIN, LabelSet


def order_of_images(examples: ExampleSet, seed: int) -> NDArray[np.intp]:
    """(N,) a random order in which real images are added; the first has a box, as a training needs one.

    Raises:
        TrainerError: no image has a box.
    """
    order = np.random.default_rng(seed).permutation(len(examples.examples))
    with_box = [place for place, index in enumerate(order) if (~examples.examples[index].annotations.ignore).any()]
    if not with_box:
        raise TrainerError(f"{examples.source}: no image has a box of {', '.join(examples.classes)}")
    order[[0, with_box[0]]] = order[[with_box[0], 0]]
    return order


def write_subset(
    folder: Path, labels: LabelSet, chosen: NDArray[np.intp], classes: tuple[str, ...], boxes: str
) -> None:
    """Write the ``chosen`` images of ``labels`` into ``folder``, unless the folder exists.

    They keep their format, where it can be written.
    """
    if folder.is_dir():
        return
    wanted = set(chosen.tolist())
    kind = written_kind(labels.kind)
    style = label_style([labels], kind)

    def images() -> Iterator[Incoming]:
        for index, one in enumerate(incoming(labels, style)):
            if index in wanted:
                yield replace(one, frame=_for_training(one.frame))

    folder.parent.mkdir(parents=True, exist_ok=True)
    with new_folder(folder) as part:
        new = NewDataset(part, kind, labels.info, classes, labels.box_policy(boxes), style)
        write_images(new, images())


def _for_training(frame: Frame) -> Frame:
    """The record as one of the split train: a user may train on another split, named in DATA."""
    if SPLIT not in frame.attributes:
        return frame
    return replace(frame, attributes={**frame.attributes, SPLIT: TRAIN})


def refuse_shared(trained: ExampleSet, test: ExampleSet) -> None:
    """Raise TrainerError if the file of a ``test`` image is byte for byte that of a training image."""
    paths = [example.path for one in (trained, test) for example in one.examples]
    known: dict[object, Path] = {}
    for place, (path, content) in enumerate(zip(paths, contents(paths))):
        if place < len(trained.examples):
            known[content] = path
        elif content is not None and content in known:
            raise TrainerError(
                f"{path}: the same image is in --test and, as {known[content]}, in the training data, so the score "
                "would be too high; separate them first: trainer split"
            )
