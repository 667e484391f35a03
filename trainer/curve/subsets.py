"""So many of the real images, as a dataset folder of their own: a smaller set lies within every larger one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from shared_format.label_set import LabelSet

from ..datasets.duplicate_files import contents
from ..datasets.writing import Incoming, incoming, new_folder, write_images
from ..errors import TrainerError
from ..examples.example import ExampleSet


def seen_order(examples: ExampleSet, seed: int) -> np.ndarray:
    """(N,) the order in which real images join, at random; the first has a box, for without one nothing is learnt.

    Raises:
        TrainerError: no image has a box.
    """
    order = np.random.default_rng(seed).permutation(len(examples.examples))
    with_box = [place for place, index in enumerate(order) if (~examples.examples[index].ignore).any()]
    if not with_box:
        raise TrainerError(f"{examples.source}: no box of {', '.join(examples.classes)} in it")
    order[[0, with_box[0]]] = order[[with_box[0], 0]]
    return order


def write_subset(folder: Path, labels: LabelSet, chosen: np.ndarray, classes: tuple, boxes: str) -> None:
    """Write the ``chosen`` images of ``labels`` into ``folder``, as their own kind; nothing where it is there."""
    if folder.is_dir():
        return
    wanted = set(chosen.tolist())

    def images() -> Iterator[Incoming]:
        for index, one in enumerate(incoming(labels)):
            if index in wanted:
                yield one

    folder.parent.mkdir(parents=True, exist_ok=True)
    with new_folder(folder) as part:
        write_images(part, labels.kind, labels.info, images(), classes, labels.policy or boxes)


def refuse_shared(trained: ExampleSet, test: ExampleSet) -> None:
    """Raise TrainerError if an image of ``test`` is trained on: byte by byte the same."""
    paths = [example.path for one in (trained, test) for example in one.examples]
    known: dict = {}
    for place, (path, content) in enumerate(zip(paths, contents(paths))):
        if place < len(trained.examples):
            known[content] = path
        elif content is not None and content in known:
            raise TrainerError(
                f"{path}: is in --test and, as {known[content]}, in what is trained on; the score would be of memory. "
                "Part them first: trainer split"
            )
