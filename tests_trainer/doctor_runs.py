"""`trainer doctor` on a dataset, and records changed for it to find."""

from __future__ import annotations

import json
from dataclasses import replace

from shared_format import atomic, dataset
from shared_format.record import frame_to_json

from .commands import trainer


def doctor(capsys, *arguments):
    code, out, err = trainer(capsys, "doctor", *arguments, "--json")
    assert err == ""
    report = json.loads(out)
    return code, report, {finding["id"]: finding for finding in report["findings"]}


def change(folder, index=0, **fields):
    """Rewrite the first person of a record."""
    path = dataset.frame_path(folder, index)
    frame = dataset.read_frame(path)
    first = replace(frame.instances[0], **fields)
    atomic.write_json(path, frame_to_json(replace(frame, instances=(first, *frame.instances[1:]))))
