"""Real data in, of every kind and by every command that takes DATA: turned by EXIF, broken, split, together."""

from __future__ import annotations

import json

import numpy as np
import pytest
from PIL import Image

from trainer.errors import TrainerError
from trainer.examples.images import checked
from trainer.examples.readers import read_data
from trainer.fitting.prepared_run import read_examples
from trainer.fitting.run_folder import FitInputs
from trainer.network.spec import DETECT
from trainer.tasks import task_named

from .commands import one_line, trainer
from .conftest import make_dataset

KINDS = ("wardsynth", "coco", "yolo", "voc", "keras-yolo3")
_ORIENTATION, _TURN_RIGHT = 0x0112, 6


@pytest.fixture
def photos(tmp_path):
    """Eight images, one of them stored on its side as telephones do."""
    folder = make_dataset(tmp_path / "drawn", count=8, seed=4, people=(2, 4))
    path = folder / "images" / "000001.jpg"
    exif = Image.Exif()
    exif[_ORIENTATION] = _TURN_RIGHT
    Image.open(path).transpose(Image.Transpose.ROTATE_90).save(path, quality=95, exif=exif)
    return folder


@pytest.fixture(params=KINDS)
def data(request, capsys, photos, tmp_path):
    """The same images as each kind of DATA."""
    words = (photos, "--to", request.param, "--classes", "person", "--out", tmp_path / "data")
    assert trainer(capsys, "convert", *words)[0] == 0
    return tmp_path / "data"


def image_of(data, number):
    return next(path for path in data.rglob(f"00000{number}.jpg"))


def test_every_command_takes_every_kind(capsys, data, photos, trained, tmp_path):
    for words in (
        ("anchors", data, "--k", 2, "--size", 96),
        ("doctor", data),
        ("convert", data, "--to", "coco", "--out", tmp_path / "converted"),
        ("merge", data, photos, "--out", tmp_path / "merged"),
        ("split", data, "--out", tmp_path / "sides"),
        ("eval", trained["run"], data),
        (
            "curve",
            "--synthetic",
            f"{data}[:4]",
            "--real",
            f"{data}[4:6]",
            "--test",
            f"{data}[6:]",
            "--plan",
            "--out",
            "x",
        ),
    ):
        code, _, err = trainer(capsys, *map(str, words))
        assert code == 0, (words, err)
    sources, sets = read_examples(task_named(DETECT), FitInputs((f"{data}[:6]",), tmp_path / "run", (f"{data}[6:]",)))
    assert [len(one.examples.examples) for one in (*sources, *sets)] == [6, 2]


def test_the_upright_image_counts(data, photos):
    examples, expected = (checked(read_data(str(one))).examples for one in (data, photos))
    for one, other in zip(examples, expected):
        assert (one.width, one.height) == (96, 80)
        np.testing.assert_allclose(one.annotations.boxes, other.annotations.boxes, atol=1e-3)


def test_labels_of_the_image_as_stored_are_named(capsys, photos, tmp_path):
    trainer(capsys, "convert", photos, "--to", "coco", "--out", tmp_path / "coco")
    path = tmp_path / "coco" / "coco.json"
    value = json.loads(path.read_text())
    value["images"][1].update(width=80, height=96)
    path.write_text(json.dumps(value))
    with pytest.raises(TrainerError, match=r"000001\.jpg.*96x80.*80x96.*EXIF"):
        checked(read_data(str(path)))


@pytest.mark.parametrize("command", ["eval", "curve", "fit"])
def test_a_broken_image_is_named(capsys, data, photos, trained, tmp_path, command):
    path = image_of(data, 3)
    content = path.read_bytes()
    path.unlink()  # a link to the drawn image
    path.write_bytes(content[: len(content) // 2])
    words = {
        "eval": ("eval", trained["run"], data),
        "curve": ("curve", "--synthetic", photos, "--real", data, "--test", f"{photos}[:1]", "--out", tmp_path / "x"),
        "fit": ("fit", data, "--out", tmp_path / "x"),
    }
    code, out, err = trainer(capsys, *words[command])
    assert (code, out) == (2, "")
    assert "000003.jpg" in err
    assert one_line(err)
    assert not (tmp_path / "x").exists()
