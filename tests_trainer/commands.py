"""The commands, run in this process, and what they leave behind."""

from __future__ import annotations

import csv
from pathlib import Path

from trainer.cli import cli, run

ROOT = Path(__file__).resolve().parents[1]


def trainer(capsys, *arguments):
    """Run the command line here -> (exit code, stdout, stderr)."""
    capsys.readouterr()
    code = run(cli, [str(argument) for argument in arguments])
    streams = capsys.readouterr()
    return code, streams.out, streams.err


def one_line(text):
    return len(text.strip().splitlines()) == 1


def read_history(run):
    """The rows of history.csv as floats; an empty cell is left out."""
    with open(run / "history.csv", newline="") as handle:
        return [{key: float(value) for key, value in row.items() if value} for row in csv.DictReader(handle)]
