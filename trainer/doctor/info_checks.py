"""What ``dataset.json`` says of the whole dataset."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from shared_format.dataset import DatasetInfo

from .findings import Findings
from .shares import are_shares

_LICENCE = ("asset", "licence", "source")


def check_info(info: DatasetInfo, where: str, findings: Findings) -> None:
    """Report what ``info`` says that it cannot mean."""
    for said in (*_seed(info), *_licences(info), *_vocabularies(info), *_shares(info)):
        findings.add("dataset.malformed", f"{where}: {said}")


def _seed(info: DatasetInfo) -> Iterator[str]:
    if isinstance(info.seed, bool) or info.seed < 0:
        yield f"seed is {info.seed}, expected a whole number from 0 on"


def _licences(info: DatasetInfo) -> Iterator[str]:
    for number, licence in enumerate(info.licences, start=1):
        missing = [key for key in _LICENCE if not _is_said(licence.get(key))]
        if missing:
            yield f"licence {number} does not say {', '.join(missing)}"


def _vocabularies(info: DatasetInfo) -> Iterator[str]:
    for name, words in info.attributes.items():
        if not isinstance(words, list) or not all(map(_is_said, words)):
            yield f"the vocabulary of {name} is {str(words)[:60]}, expected a list of texts"


def _shares(info: DatasetInfo) -> Iterator[str]:
    for key, wanted in info.config.items():
        if not isinstance(wanted, dict) or key.startswith("grid."):  # a grid's factors are no shares
            continue
        vocabulary = info.attributes.get(key.rpartition(".")[2])
        if not are_shares(wanted):
            yield f"config {key} is {str(wanted)[:60]}, expected shares from 0 on, not all of them 0"
        elif isinstance(vocabulary, list):
            for value in sorted(set(wanted) - set(map(str, vocabulary))):
                yield f"config {key} has a share of {value[:60]!r}, which is not in its vocabulary"


def _is_said(value: Any) -> bool:
    return isinstance(value, str) and value.strip() != ""
