"""``python -m trainer.demo DEMO``: writes the page of the demonstration, prints the score and where to look."""

from __future__ import annotations

import sys
from pathlib import Path

from shared_format.errors import FormatError

from .backend import load_quietly


def main(arguments: list) -> int:
    """The module's command line; returns the exit code."""
    if len(arguments) != 1:
        print("usage: python -m trainer.demo DEMO_DIR", file=sys.stderr)
        return 2
    load_quietly()
    from .metrics.evaluate import score_table
    from .report.demo_page import build_page

    demo = Path(arguments[0])
    try:
        metrics = build_page(demo)
    except (FormatError, OSError) as error:
        print(f"trainer.demo: {error}", file=sys.stderr)
        return 2
    print(score_table(metrics))
    print(f"Look at {demo / 'index.html'} and {demo / 'contact_sheet.jpg'}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
