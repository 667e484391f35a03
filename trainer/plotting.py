"""The colours of all plots, and figures as the bytes of a file."""

from __future__ import annotations

import io

import matplotlib
from matplotlib.figure import Figure

BLUE, ORANGE, GREEN, RED, GREY = "#2f6fb0", "#e08a2e", "#3a9a5b", "#c8443c", "#9aa3ad"


def rendered(figure: Figure, kind: str) -> bytes:
    """The figure as ``png`` or ``svg``; the same bytes for the same figure."""
    buffer = io.BytesIO()
    with matplotlib.rc_context({"svg.hashsalt": "wardsynth"}):
        about = {"Software": None} if kind == "png" else {"Date": None, "Creator": None}
        figure.savefig(buffer, format=kind, metadata=about)
    return buffer.getvalue()
