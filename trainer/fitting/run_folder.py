"""The folder of one training: what it was started with (``config.json``), and whether a run starts or resumes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple, Optional, TypedDict

from shared_format import atomic
from shared_format.dataset import read_json
from shared_format.record import DEFAULT_BOXES, DEFAULT_CLASSES

from ..disk_errors import writing
from ..errors import TrainerError
from ..formats.class_rules import ClassRules, rules_from_json
from ..models.run_files import CONFIG
from ..network.spec import ModelSpec, spec_from_json
from .config import FitConfig, flat_settings, from_stored, resolve
from .stages import Stage

RUN_VERSION = 2


@dataclass(frozen=True)
class FitInputs:
    """What is trained on, from which weights, and where to: the part of a run that is not a setting.

    Attributes:
        data: DATA, each with ``@WEIGHT`` if wanted. validation: DATA or NAME=DATA.
        rules: which objects are of which of the ``classes``; None: their categories are their classes.
        given: the options of the user that ``config`` was resolved from, for the record.
    """

    data: tuple[str, ...]
    out: Path
    validation: tuple[str, ...] = ()
    weights: Optional[str] = None
    classes: tuple[str, ...] = DEFAULT_CLASSES
    boxes: str = DEFAULT_BOXES
    kind: Optional[str] = None
    given: dict[str, Any] = field(default_factory=dict)
    rules: Optional[ClassRules] = None

    def to_json(self) -> dict[str, Any]:
        """A JSON-able dict; without ``rules`` where there are none."""
        value = {**vars(self), "out": str(self.out)}
        rules = value.pop("rules")
        return value if rules is None else {**value, "rules": rules.to_json()}


class GivenSettings(NamedTuple):
    """The settings of the user as ``config.resolve`` takes them."""

    file: Optional[Path]
    settings: Sequence[str]
    options: dict[str, Any]
    preset: Optional[str]


class ResolvedRun(NamedTuple):
    """The inputs and the settings of a run, and whether it resumes one that was started before."""

    inputs: FitInputs
    config: FitConfig
    resuming: bool


class DataSummary(TypedDict):
    """What the training data holds, in ``config.json``: a run is resumed on the same data only."""

    pictures: int
    boxes: int
    fingerprint: str


def resolve_run(inputs: FitInputs, resume: bool, given: GivenSettings) -> ResolvedRun:
    """The inputs and settings of a new run, or with ``resume`` those the run in ``inputs.out`` was started with.

    What the user gives again must agree with the stored run. Where no run was started yet, ``resume`` starts it:
    the same command can be repeated until it has finished.

    Raises:
        TrainerError: wrong settings, no data, or another run than was started.
    """
    if resume and holds_run(inputs.out):
        return _as_started(inputs, given)
    if not inputs.data:
        raise TrainerError(f"{inputs.out}: no run to resume here" if resume else "missing argument DATA")
    return ResolvedRun(inputs, resolve(*given), False)


def _as_started(inputs: FitInputs, given: GivenSettings) -> ResolvedRun:
    started, config = read_run(inputs.out)
    before, now = flat_settings(config), flat_settings(resolve(*given, config))
    for name, value in before.items():
        _refuse_change(inputs.out, name, value, now[name])
    unset = FitInputs((), inputs.out)
    for item in fields(FitInputs):
        value = getattr(inputs, item.name)
        if item.name not in ("out", "given") and value != getattr(unset, item.name):
            _refuse_change(inputs.out, item.name, _stated(getattr(started, item.name)), _stated(value))
    return ResolvedRun(started, config, True)


def _stated(value: Any) -> Any:  # of any field of FitInputs
    """A value as a message can repeat it."""
    return value.to_json() if isinstance(value, ClassRules) else value


def _refuse_change(out: Path, name: str, before: Any, now: Any) -> None:
    if before != now:
        raise TrainerError(
            f"{out}: was started with {name} {before!r}, now {now!r}; resume it unchanged with --resume alone, "
            "or choose another --out"
        )


def holds_run(folder: Path) -> bool:
    """Whether a training was started in ``folder``."""
    return (folder / CONFIG).is_file()


def refuse_existing(folder: Path) -> None:
    """Raise TrainerError if ``folder`` holds a run or anything else, or cannot be a folder."""
    if folder.exists() and not folder.is_dir():
        raise TrainerError(f"{folder}: is a file; --out needs a new folder")
    if (folder / CONFIG).exists():
        raise TrainerError(
            f"{folder}: already holds a run; choose another --out, resume it (--resume), or start from it with "
            f"--weights {folder}/last.keras"
        )
    if folder.is_dir() and any(not path.name.startswith(atomic.TEMPORARY_PREFIX) for path in folder.iterdir()):
        raise TrainerError(f"{folder}: is not empty; --out needs a new folder")


def create(
    folder: Path, config: FitConfig, stages: Sequence[Stage], spec: ModelSpec, inputs: FitInputs, data: DataSummary
) -> None:
    """Make the folder and store what determines the run, as given and as resolved.

    Raises:
        TrainerError: it cannot be written.
    """
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        atomic.write_json(
            folder / CONFIG,
            {
                "schema_version": RUN_VERSION,
                "program": f"wardsynth {_version()}",
                "inputs": inputs.to_json(),
                "settings": config.to_json(),
                "stages": [stage.to_json() for stage in stages],
                "detector": spec.to_json(),
                "data": data,
            },
        )


def read_run(folder: Path) -> tuple[FitInputs, FitConfig]:
    """The inputs and the settings a run was started with. Raises TrainerError."""
    stored = _read_config(folder)
    inputs = {name: tuple(value) if isinstance(value, list) else value for name, value in stored["inputs"].items()}
    rules = rules_from_json(inputs["rules"], str(folder / CONFIG)) if "rules" in inputs else None
    return FitInputs(**{**inputs, "out": folder, "rules": rules}), from_stored(stored["settings"])


def read_spec(folder: Path) -> ModelSpec:
    """The detector a run trains. Raises TrainerError."""
    return spec_from_json(_read_config(folder)["detector"], str(folder / CONFIG))


def check_data(folder: Path, data: DataSummary) -> None:
    """Raise TrainerError unless the data still is what the run was started with."""
    before = _read_config(folder)["data"]
    if before != data:
        raise TrainerError(
            f"{folder}: was started on {before['pictures']} images with {before['boxes']} boxes; the data has "
            f"changed since ({data['pictures']} with {data['boxes']}), and the run cannot be resumed"
        )


def _read_config(folder: Path) -> dict[str, Any]:
    stored = read_json(folder / CONFIG)
    if not isinstance(stored, dict) or stored.get("schema_version") != RUN_VERSION:
        raise TrainerError(f"{folder / CONFIG}: written by another version, whose runs cannot be resumed")
    return stored


def _version() -> str:
    try:
        return metadata.version("wardsynth")
    except metadata.PackageNotFoundError:
        return "(not installed)"
