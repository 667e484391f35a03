"""Tasks: the registry, what a model says of its task, and descriptions of models from before there were tasks."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from trainer.errors import TrainerError
from trainer.models.files import LoadedModel, load_network, save_model
from trainer.network.architectures import make_spec
from trainer.network.spec import SPEC_VERSION, Head, spec_from_json
from trainer.runtimes.exported import OUTPUTS
from trainer.tasks import TASKS, Predicting, task_named, task_of

from .cfgs import SPP_3L
from .commands import one_line, trainer
from .network_referees import darknet_files
from .refusals import refusal


@pytest.fixture(scope="module")
def of_another_task(tmp_path_factory):
    """A model that says it was trained for a task that this version does not know."""
    folder = tmp_path_factory.mktemp("other")
    network, spec = load_network(darknet_files(folder, SPP_3L, 64)[0])
    path = folder / "other.keras"
    save_model(network, replace(spec, task="juggle"), path)
    return str(path)


def test_every_task_is_registered_by_its_name_and_has_all_parts():
    for name, task in TASKS.items():
        assert task.name == name
        assert task_named(name) is task
        assert set(task.scoring.columns) <= set(task.scoring.text)
        assert set(task.learning.terms) == set(task.losses)
        assert task.predicting
        assert task.showing
        assert task.exporting is None or set(task.exporting.outputs) <= set(OUTPUTS)


def test_an_unknown_task_is_refused():
    with pytest.raises(TrainerError, match=r"'detct'.*detect"):
        task_named("detct")
    spec = replace(make_spec("yolov3-nano", 96, ("person",), (1,)), task="juggle")
    with pytest.raises(TrainerError, match=r"run: .*juggle"):
        task_of(spec, "run")


def test_a_description_of_version_2_reads_as_one_with_a_head():
    spec = make_spec("yolov3-tiny", 416, ("person", "bed"), (1, 7))
    stored = spec.to_json()
    assert stored["schema_version"] == SPEC_VERSION
    assert spec_from_json(stored, "new") == spec
    head = stored.pop("head")
    del stored["task"], head["kind"]
    assert spec_from_json({**stored, **head, "schema_version": 2}, "old") == spec
    with pytest.raises(TrainerError, match="there"):
        spec_from_json({**stored, "schema_version": 2}, "there")


class AlwaysOne(Predicting):
    """A task whose models change neither their classes nor their size."""

    def predictor(self, network, spec, batch=None):
        return network

    def predict_examples(self, predictor, examples, show=True, lowest=None, change=None, label=""):
        return [1 for _ in examples.examples]


def test_a_task_that_cannot_change_its_models_refuses_other_classes_and_sizes():
    model = LoadedModel(None, make_spec("yolov3-nano", 96, ("person", "bed"), (1, 2)))
    for classes, size in ((["person", "bed"], None), (("person", "bed"), 96)):
        assert AlwaysOne().for_classes(model, classes, size) is model
    for classes, size, named in (
        (["bed"], None, "bed"),
        (["bed", "person"], None, "bed"),
        (["person", "bed"], 64, "64"),
    ):
        with refusal(TrainerError, "yolov3-nano", named, "person", "96"):
            AlwaysOne().for_classes(model, classes, size)


def test_only_yolo_networks_have_a_yolo_head():
    spec = make_spec("yolov3-nano", 96, ("person",), (1,))
    assert spec.yolo_head is spec.head
    with refusal(TrainerError, "yolov3-nano", "odd", "yolo"):
        replace(spec, head=OddHead()).yolo_head  # noqa: B018


class OddHead(Head):
    """A head of another kind."""

    kind = "odd"
    stride = 8.0


def test_an_unknown_head_is_refused():
    stored = make_spec("yolov3-nano", 96, ("person",), (1,)).to_json()
    with pytest.raises(TrainerError, match=r"there: .*'hydra'.*yolo"):
        spec_from_json({**stored, "head": {"kind": "hydra"}}, "there")


@pytest.mark.parametrize(
    "arguments",
    [
        ("eval", "MODEL", "DATA"),
        ("compare", "MODEL", "--data", "DATA", "--out", "OUT"),
        ("predict", "MODEL", "DATA"),
        ("export", "MODEL", "--format", "onnx", "--out", "OUT"),
        ("weights", "export", "MODEL", "--out", "OUT.weights"),
        ("serve", "MODEL", "--port", "0"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_commands_refuse_a_model_of_another_task(arguments, of_another_task, ward, tmp_path, capsys):
    names = {"MODEL": of_another_task, "DATA": str(ward), "OUT": str(tmp_path / "out")}
    names["OUT.weights"] = str(tmp_path / "out.weights")
    code, _, err = trainer(capsys, *(names.get(argument, argument) for argument in arguments))
    assert code == 2
    assert one_line(err)
    assert "juggle" in err
    assert [path.name for path in tmp_path.iterdir()] == [ward.name]


@pytest.mark.parametrize(
    ("exporting", "right"), [(None, "detect"), (SimpleNamespace(outputs={"heads": ""}), "heads")], ids=["none", "fewer"]
)
def test_export_refuses_what_a_task_does_not_give(exporting, right, of_another_task, monkeypatch, tmp_path, capsys):
    monkeypatch.setitem(TASKS, "juggle", SimpleNamespace(exporting=exporting))
    out = tmp_path / "out"
    code, _, err = trainer(
        capsys, "export", of_another_task, "--format", "onnx", "--output", "boxes", "--out", str(out)
    )
    assert code == 2
    assert one_line(err)
    assert "juggle" in err
    assert right in err
    assert not out.exists()


def test_fit_refuses_an_unknown_task(ward, tmp_path, capsys):
    code, _, err = trainer(capsys, "fit", str(ward), "--task", "juggle", "--out", str(tmp_path / "run"))
    assert code == 2
    assert one_line(err)
    assert "juggle" in err
    assert [path.name for path in tmp_path.iterdir()] == [ward.name]
