"""Detection: boxes with classes and scores.

- ``learning``    networks with YOLOv3 heads, their losses and targets
- ``predicting``  boxes in images
- ``scoring``     COCO's metrics, and all that is made of the matches
- ``showing``     boxes drawn, and the pages of reports
- ``exporting``   the outputs of files for other programs
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...network.spec import DETECT
from ..task import Learning, Predicting, Scoring, Showing, Task

if TYPE_CHECKING:
    from ..exporting import Exporting


class DetectTask(Task):
    """``--task detect``."""

    name = DETECT
    losses = ("darknet", "modern")

    @property
    def learning(self) -> Learning:
        """Implement ``Task.learning``."""
        from .learning import DetectLearning

        return DetectLearning()

    @property
    def predicting(self) -> Predicting:
        """Implement ``Task.predicting``."""
        from .predicting import DetectPredicting

        return DetectPredicting()

    @property
    def scoring(self) -> Scoring:
        """Implement ``Task.scoring``."""
        from .scoring import DetectScoring

        return DetectScoring()

    @property
    def showing(self) -> Showing:
        """Implement ``Task.showing``."""
        from .showing import DetectShowing

        return DetectShowing()

    @property
    def exporting(self) -> Exporting:
        """Implement ``Task.exporting``."""
        from .exporting import DetectExporting

        return DetectExporting()
