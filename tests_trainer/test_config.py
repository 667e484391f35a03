"""Settings: defaults, file, --set, options, and what is wrong with them in one line."""

from __future__ import annotations

import json

import pytest

from trainer.errors import TrainerError
from trainer.fitting.config import FitConfig, from_stored, resolve

from .refusals import refusal


def test_later_words_win(tmp_path):
    file = tmp_path / "c.json"
    file.write_text(json.dumps({"epochs": 7, "batch": 2, "seed": 5, "augment": {"flip": 0.25}}))
    config = resolve(file, ["batch=3", "augment.scale=0", "optimizer=sgd"], {"seed": 9, "size": None})
    assert (config.epochs, config.batch, config.seed, config.size) == (7, 3, 9, FitConfig().size)
    assert (config.augment.flip, config.augment.scale, config.optimizer) == (0.25, 0.0, "sgd")


def test_a_stored_config_reads_back(tmp_path):
    config = resolve(None, ["learning_rate=0.01", "augment.mosaic=0.5"], {"epochs": 3})
    (tmp_path / "c.json").write_text(json.dumps(config.to_json()))
    assert resolve(tmp_path / "c.json", [], {}) == config


def test_a_renamed_setting_keeps_its_old_name(tmp_path, capsys):
    for name in ("epoch_pictures", "epoch_images"):
        (tmp_path / "c.json").write_text(json.dumps({name: 12}))
        assert resolve(tmp_path / "c.json", [], {}).epoch_images == 12
        assert resolve(None, [f"{name}=12"], {}).epoch_images == 12
        lines = capsys.readouterr().err.splitlines()
        assert len(lines) == (2 if name == "epoch_pictures" else 0)
        assert all("epoch_pictures" in line and "epoch_images" in line for line in lines)
    stored = FitConfig(epoch_images=12).to_json()
    old = {("epoch_pictures" if name == "epoch_images" else name): value for name, value in stored.items()}
    assert from_stored(old) == from_stored(stored) == FitConfig(epoch_images=12)
    assert capsys.readouterr().err == ""
    with refusal(TrainerError, "epoch_pictures", "epoch_images"):
        resolve(None, ["epoch_pictures=3", "epoch_images=4"], {})


@pytest.mark.parametrize(
    ("setting", "named"),
    [
        ("learnig_rate=1", ("learnig_rate", "learning_rate")),
        ("augment.flp=1", ("augment.flp", "augment.flip")),
        ("zzz=1", ("zzz", "model", "size")),
        ("epochs", ("epochs",)),
        ("epochs=ten", ("epochs", "ten")),
        ("epochs=1.5", ("epochs", 1.5)),
        ("epochs=0", ("epochs", 0, 1)),
        ("batch=true", ("batch", True)),
        ("size=100", ("size", 100, 32)),
        ("optimizer=adma", ("optimizer", "adma", "adam", "adamw", "sgd")),
        ("augment.flip=2", ("augment.flip", "2.0", "0.0", "1.0")),
        ("learning_rate=NaN", ("learning_rate", "nan")),
    ],
)
def test_wrong_settings_are_named(setting, named):
    with refusal(TrainerError, *named):
        resolve(None, [setting], {})


def test_wrong_files_are_named(tmp_path):
    (tmp_path / "c.json").write_text("[1]")
    with refusal(TrainerError, "c.json"):
        resolve(tmp_path / "c.json", [], {})
    (tmp_path / "c.json").write_text('{"augment": {"flipp": 1}}')
    with refusal(TrainerError, "augment.flipp"):
        resolve(tmp_path / "c.json", [], {})
