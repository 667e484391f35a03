"""Classes from attributes: which class every object gets, in every format and command, and how a wrong choice ends."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared_format import dataset
from shared_format.errors import FormatError
from shared_format.record import Instance
from trainer.evaluation.scoring import DataRequest, class_rules
from trainer.examples.readers import choose_classes, read_data, read_labels
from trainer.formats.class_choice import (
    IGNORE,
    LEAVE_OUT,
    ClassChoice,
    ClassGroup,
    attribute_text,
    class_map_from_json,
    groups_to_json,
    make_choice,
    read_class_map,
    shipped_maps,
)
from trainer.formats.class_rules import ClassRules, ClassSource, RelabelledImages, relabelled, rules_from_json
from trainer.formats.class_survey import MOST_CLASSES, choose
from trainer.formats.label_set import LabelledImage, StoredLabels, converted_frame, converted_set
from trainer.models.files import model_spec
from trainer.network.architectures import architecture, spec_of
from trainer.network.spec import spec_from_json

from .commands import one_line, trainer
from .conftest import TWO_HEADS, make_dataset
from .refusals import names

POSTURES = ("supine", "lateral-left", "standing", "fallen")
MAP = {"lying": ["supine", "lateral-*"], "fallen": ["fallen*"]}


def with_postures(folder, postures=POSTURES, vocabulary=None):
    """The dataset with another posture for each person in turn, and the vocabulary in ``dataset.json``; the folder."""
    values = cycle(postures)
    for index in dataset.frame_indices(folder):
        path = dataset.frame_path(folder, index)
        value = json.loads(path.read_text())
        for instance in value["instances"]:
            if instance["category"] == "person":
                posture = next(values)
                instance["attributes"] = {} if posture is None else {"posture": posture, "role": "patient"}
        path.write_text(json.dumps(value))
    if vocabulary is not None:
        info = dataset.read_info(folder)
        dataset.write_info(folder, replace(info, attributes={"posture": list(vocabulary)}))
    return folder


@pytest.fixture
def postures(tmp_path):
    return with_postures(make_dataset(tmp_path / "ward", people=(2, 4)))


@pytest.fixture
def map_file(tmp_path):
    path = tmp_path / "map.json"
    path.write_text(json.dumps(MAP))
    return path


def people(folder):
    """Posture -> how many people have it."""
    frames = dataset.read_frames(folder)
    return Counter(i.attributes["posture"] for frame in frames for i in frame.instances if i.category == "person")


def labels_of(*images, attributes=None):
    """A ``LabelSet`` with one list of (category, attributes) per image."""
    rows = []
    for index, objects in enumerate(images):
        instances = [
            Instance(number, category, dict(values), bbox_covered=[1.0, 2.0, 10.0, 20.0])
            for number, (category, values) in enumerate(objects, start=1)
        ]
        frame = converted_frame(index, f"images/{index}.jpg", (64, 48), instances)
        rows.append(LabelledImage(frame, Path(f"{index}.jpg"), str(index)))
    names = sorted({category for objects in images for category, _ in objects}) or ["person"]
    labels = converted_set("coco", Path("set.json"), names, rows)
    return replace(labels, info=replace(labels.info, attributes=attributes or {}))


def classes_in(labels):
    return [instance.category for image in labels.images for instance in image.frame.instances if not instance.ignore]


def mapped(table, **choice):
    return ClassChoice(class_map=class_map_from_json(table, "map.json"), **choice)


# The rules


words = st.sampled_from(("supine", "prone", "lateral-left", "standing", "fallen", "", "a*b", "[x]"))
objects = st.lists(
    st.tuples(st.sampled_from(("person", "bed")), st.dictionaries(st.just("posture"), words)), max_size=6
).map(lambda rows: [(category, values if category == "person" else {}) for category, values in rows])
images = st.lists(objects, min_size=1, max_size=4)


def try_choice(choice, rows):
    """The labels and the rules, or None where the data has nothing that the choice names."""
    labels = labels_of(*rows)
    try:
        return labels, choose(choice, [labels])
    except FormatError:
        return None


@given(images, st.sampled_from((IGNORE, LEAVE_OUT)), st.sampled_from((None, MAP, {"all": ["*"]})))
def test_every_object_gets_exactly_one_class_or_is_out(rows, unmapped, table):
    groups = None if table is None else class_map_from_json(table, "map.json")
    chosen = try_choice(ClassChoice((), "posture", groups, unmapped), rows)
    if chosen is None:
        return
    labels, rules = chosen
    for before, after in zip(labels.images, relabelled(labels, rules).images):
        counted = {instance.id: instance for instance in after.frame.instances if not instance.ignore}
        ignored = [instance for instance in after.frame.instances if instance.ignore]
        assert len({instance.id for instance in after.frame.instances}) == len(after.frame.instances)
        out = 0
        for instance in before.frame.instances:
            name = rules.class_for(instance, before.frame)
            if name is None:
                assert instance.id not in counted
                out += 1
            else:
                assert counted.pop(instance.id) == replace(instance, category=name)
        assert not counted
        assert len(ignored) == (out * len(rules.derived) if unmapped == IGNORE else 0)
        per_class = Counter(instance.category for instance in ignored)
        assert all(per_class[name] == out for name in rules.derived) or unmapped == LEAVE_OUT


@given(images)
def test_labels_that_have_their_classes_are_not_changed_again(rows):
    chosen = try_choice(ClassChoice((), "posture"), rows)
    if chosen is not None:
        once = relabelled(chosen[0], chosen[1])
        again = relabelled(once, chosen[1])
        assert again.images == once.images
        assert again.category_names == once.category_names


@given(images)
def test_rules_survive_json(rows):
    for table in (None, MAP):
        groups = None if table is None else class_map_from_json(table, "map.json")
        chosen = try_choice(ClassChoice(("person:posture", "bed"), None, groups, LEAVE_OUT), rows)
        if chosen is not None:
            value = json.loads(json.dumps(chosen[1].to_json()))
            assert rules_from_json(value, "there") == chosen[1]
            assert hash(rules_from_json(value, "there")) == hash(chosen[1])


def test_the_values_are_classes_in_the_order_of_the_vocabulary_then_by_name():
    rows = [("person", {"posture": value}) for value in ("walking", "b", "a", "supine")]
    labels = labels_of(rows, attributes={"posture": ["supine", "prone", "walking"]})
    rules = choose(ClassChoice((), "posture"), [labels])
    assert rules.classes == ("supine", "walking", "a", "b")
    assert relabelled(labels, rules).info.categories == tuple(
        dataset.Category(number, name) for number, name in enumerate(rules.classes, start=1)
    )


def test_a_value_belongs_to_the_first_group_that_holds_it():
    table = class_map_from_json(
        {"down": ["fallen", "lying*"], "bed": ["lying-in-bed", "*bed"], "any": ["?"]}, "map.json"
    )
    labels = labels_of(
        [("person", {"posture": value}) for value in ("lying-in-bed", "in bed", "x", "fallen", "Fallen")]
    )
    rules = choose(ClassChoice((), "posture", table, LEAVE_OUT), [labels])
    assert rules.classes == ("down", "bed", "any")
    assert classes_in(relabelled(labels, rules)) == ["down", "bed", "any", "down"]


def test_a_value_is_compared_as_it_is_written_before_it_is_a_pattern():
    assert ClassGroup("a", ("[x]",)).holds("[x]")
    assert ClassGroup("a", ("[x]",)).holds("x")


@pytest.mark.parametrize(
    ("value", "text"), [(True, "yes"), (False, "no"), (1, "1"), (0.5, "0.5"), ("a", "a"), (None, None), ([1], None)]
)
def test_values_are_compared_as_text(value, text):
    assert attribute_text(value) == text


def test_categories_and_attributes_together():
    labels = labels_of([("person", {"posture": "supine"}), ("bed", {}), ("chair", {})])
    rules = choose(ClassChoice(("bed", "person:posture")), [labels])
    assert rules.classes == ("bed", "supine")
    assert classes_in(relabelled(labels, rules)) == ["supine", "bed", "chair"]
    # With --class-by, a category that has the attribute stands for its values.
    assert choose(ClassChoice(("person", "bed"), "posture"), [labels]).classes == ("supine", "bed")
    assert choose(ClassChoice(("supine",), "posture"), [labels]).classes == ("supine",)


def test_categories_of_two_attributes():
    labels = labels_of([("person", {"role": "staff"}), ("bed", {"state": "empty"})])
    rules = choose(ClassChoice(("person:role", "bed:state")), [labels])
    assert rules.classes == ("staff", "empty")
    assert classes_in(relabelled(labels, rules)) == ["staff", "empty"]


def test_a_category_with_a_colon_in_its_name_is_a_category():
    labels = labels_of([("person:adult", {"posture": "supine"}), ("bed", {})])
    assert choose(ClassChoice(("person:adult",)), [labels]).classes == ("person:adult",)
    assert choose(ClassChoice(("person:adult:posture",)), [labels]).classes == ("supine",)


def test_an_attribute_of_the_image_stands_for_its_objects():
    labels = labels_of([("person", {})], [("person", {"lying": False})])
    frames = [replace(image.frame, attributes={"lying": 1}) for image in labels.images]
    labels = replace(labels, images=tuple(replace(one, frame=frame) for one, frame in zip(labels.images, frames)))
    rules = choose(ClassChoice((), "lying", read_class_map("lying")), [labels])
    assert classes_in(relabelled(labels, rules)) == ["lying", "not-lying"]


def test_an_object_in_no_class_is_ignored_in_every_class_that_is_chosen():
    labels = labels_of([("person", {"posture": "kneeling"}), ("person", {"posture": "supine"}), ("person", {})])
    rules = choose(mapped({"lying": ["supine"], "fallen": ["fallen"]}, attribute="posture"), [labels])
    found = relabelled(labels, rules).images[0].frame.instances
    assert [(one.category, one.ignore) for one in found] == [
        *[("lying", False), ("lying", True), ("fallen", True), ("lying", True), ("fallen", True)]
    ]
    only = choose(mapped({"lying": ["supine"], "fallen": ["fallen"]}, names=("lying",), attribute="posture"), [labels])
    assert [one.category for one in relabelled(labels, only).images[0].frame.instances] == ["lying"] * 3


def test_one_choice_over_several_data_has_the_classes_of_all():
    one, other = (labels_of([("person", {"posture": value})]) for value in ("supine", "fallen"))
    nobody = labels_of([])
    rules = choose(ClassChoice((), "posture"), [one, other, nobody])
    assert rules.classes == ("fallen", "supine")
    assert {relabelled(labels, rules).category_names for labels in (one, other, nobody)} == {rules.classes}


# Wrong choices


@pytest.mark.parametrize(
    ("choice", "received", "expected"),
    [
        (ClassChoice((), "postur"), "postur", "'posture'"),
        (ClassChoice(("person:rol",)), "rol", "'role'"),
        (ClassChoice(("persn:role",)), "persn", "'person'"),
        (ClassChoice(("suppine",), "posture"), "suppine", "'supine'"),
        (ClassChoice(("bed:posture",)), "posture", "bed"),
        (ClassChoice(("person:posture", "person:role")), "person:role", "posture"),
        (ClassChoice(("person:posture",), "role"), "person:posture", "role"),
        (ClassChoice((), "shared"), "shared", "bed:shared"),
        (ClassChoice((), "number"), "number", "--class-map"),
        (ClassChoice((), "kind"), "'bed'", "--class-map"),
        (mapped({"a": ["nothing"]}, attribute="posture"), "map.json", "supine"),
    ],
)
def test_a_choice_that_the_data_does_not_have(choice, received, expected):
    rows = [
        ("person", {"posture": "supine", "role": "staff", "shared": "1", "number": number, "kind": "bed"})
        for number in range(MOST_CLASSES + 1)
    ]
    with pytest.raises(FormatError) as caught:
        choose(choice, [labels_of([*rows, ("bed", {"shared": "1"})])])
    assert received in str(caught.value)
    assert expected in str(caught.value)
    assert one_line(str(caught.value))


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "{}", "3", '{"a": []}', '{"": ["x"]}', '{"a": [""]}', '{"a": [null]}', '{"a": {"b": ["c"]}}'),
        *('{"a": ["x"], "b": ["x"]}', '{"a": ["x"], "a": ["y"]}', '{"attribute": "posture", "classes": {}}'),
        *("\ud800".encode("utf-8", "surrogatepass"), b"\xff\xfe{", "[" * 100_000),
    ],
    ids=lambda text: repr(text)[:20],
)
def test_a_map_that_cannot_be_used(tmp_path, capsys, postures, text):
    path = tmp_path / "broken.json"
    path.write_bytes(text if isinstance(text, bytes) else str(text).encode())
    code, out, err = trainer(
        capsys,
        "convert",
        postures,
        "--to",
        "coco",
        "--class-by",
        "posture",
        "--class-map",
        path,
        "--out",
        tmp_path / "o",
    )
    assert (code, out) == (2, "")
    assert one_line(err)
    assert str(path) in err
    assert not (tmp_path / "o").exists()


@pytest.mark.parametrize(
    ("options", "received", "expected"),
    [
        (("--class-by", "postur"), "postur", "'posture'"),
        (("--class-by", "posture", "--classes", "suppine"), "suppine", "'supine'"),
        (("--class-map", "postures"), "postures", "'posture'"),
        (("--unmapped", "ignore"), "ignore", "--class-by"),
        (("--class-by", ""), "--class-by", "posture"),
        (("--class-by", "role", "--class-map", "posture"), "posture.json", "patient"),
    ],
)
@pytest.mark.parametrize(
    "command",
    [
        ("convert", "{data}", "--to", "coco", "--out", "{out}"),
        ("merge", "{data}", "--out", "{out}"),
        ("split", "{data}", "--out", "{out}"),
        ("fit", "{data}", "--out", "{out}"),
        ("curve", "--synthetic", "{data}", "--real", "{data}", "--test", "{data}", "--out", "{out}"),
        ("anchors", "{data}"),
        ("doctor", "{data}"),
    ],
    ids=lambda command: command[0],
)
def test_a_wrong_option_is_one_line_and_leaves_nothing(
    capsys, postures, tmp_path, command, options, received, expected
):
    words = [word.format(data=postures, out=tmp_path / "out") for word in command]
    if command[0] == "doctor" and "suppine" in options:
        expected = "supine"
    code, out, err = trainer(capsys, *words, *options)
    assert (code, out) == (2, "")
    assert one_line(err), err
    assert received in err
    assert expected in err
    assert not (tmp_path / "out").exists()


def test_a_map_without_an_attribute_needs_one(capsys, postures, map_file):
    code, _, err = trainer(capsys, "anchors", postures, "--class-map", map_file)
    assert code == 2
    assert one_line(err)
    assert "--class-by" in err


def test_data_without_the_attribute_is_named(tmp_path, capsys, postures):
    plain = with_postures(make_dataset(tmp_path / "plain", seed=9, start=50), [None])
    code, _, err = trainer(capsys, "merge", postures, plain, "--class-by", "posture", "--out", tmp_path / "out")
    assert code == 2
    assert one_line(err)
    assert str(plain) in err
    # Images without people have nothing to classify.
    nobody = make_dataset(tmp_path / "nobody", seed=9, people=(0, 1), start=50)
    assert trainer(capsys, "merge", postures, nobody, "--class-by", "posture", "--out", tmp_path / "out")[0] == 0


# Maps


def test_a_map_survives_json():
    groups = class_map_from_json(MAP, "map.json").groups
    assert groups_to_json(groups) == MAP
    long = class_map_from_json({"attribute": "posture", "classes": MAP}, "map.json")
    assert (long.attribute, long.groups) == ("posture", groups)
    # Classes may be called so, too.
    odd = {"attribute": ["a"], "classes": ["b"]}
    assert groups_to_json(class_map_from_json(odd, "map.json").groups) == odd


@pytest.mark.parametrize("name", shipped_maps())
def test_a_shipped_map_says_its_attribute(name):
    choice = make_choice((), None, name, None)
    assert choice is not None
    assert choice.attribute == read_class_map(name).attribute
    assert choice.unmapped == IGNORE


def test_a_file_wins_over_a_shipped_map(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "posture").write_text(json.dumps(MAP))
    assert groups_to_json(read_class_map("posture").groups) == MAP
    (tmp_path / "role").mkdir()
    assert read_class_map("role").attribute == "role"


# Formats


def test_records_stay_on_the_disk(postures):
    rules = choose_classes([str(postures)], ClassChoice((), "posture"))
    labels = read_labels(str(postures), rules=rules)
    assert isinstance(labels.images, RelabelledImages)
    assert isinstance(labels.images[1:3], StoredLabels)
    assert len(labels.images[1:3]) == 2
    assert labels.images[2] == labels.images[1:3][1] == list(labels.images)[2]
    assert isinstance(labels.of_splits(lambda splits: True).images, StoredLabels)
    assert Counter(one for one in classes_in(labels) if one != "bed") == people(postures)


def test_a_record_that_cannot_be_read_is_reported_once(capsys, postures):
    dataset.frame_path(postures, 2).write_text("{")
    code, out, _ = trainer(capsys, "doctor", postures, "--class-by", "posture", "--json")
    assert code == 1
    assert [one["count"] for one in json.loads(out)["findings"] if one["id"] == "files.unreadable_record"] == [1]


@pytest.mark.parametrize("kind", ["wardsynth", "coco", "voc"])
def test_formats_that_keep_attributes_give_the_same_classes(tmp_path, capsys, postures, map_file, kind):
    copy = tmp_path / kind
    assert trainer(capsys, "convert", postures, "--to", kind, "--out", copy)[0] == 0
    choice = make_choice((), "posture", str(map_file), LEAVE_OUT)
    rules = choose_classes([str(copy)], choice)
    assert rules == choose_classes([str(postures)], choice)
    examples = read_data(str(copy), rules.classes, rules=rules)
    counts = Counter(examples.classes[label] for one in examples.examples for label in one.annotations.labels)
    known = people(postures)
    assert counts == {"lying": known["supine"] + known["lateral-left"], "fallen": known["fallen"]}


def cvat_coco(folder, postures):
    """A CVAT export as COCO 1.0: attributes of every annotation, checkboxes as booleans."""
    images = make_dataset(folder / "drawn", count=2, people=(2, 3)) / "images"
    (folder / "cvat" / "annotations").mkdir(parents=True)
    images.rename(folder / "cvat" / "images")
    names = sorted(path.name for path in (folder / "cvat" / "images").iterdir())
    annotations = [
        {
            **{"id": number, "image_id": number % 2 + 1, "category_id": 1, "iscrowd": 0, "segmentation": []},
            **{"bbox": [5.0 * number, 5.0, 20.0, 30.0], "area": 600.0},
            "attributes": {"occluded": False, "rotation": 0.0, "posture": posture, "alone": number == 1},
        }
        for number, posture in enumerate(postures, start=1)
    ]
    value = {
        "images": [{"id": i, "file_name": name, "width": 96, "height": 80} for i, name in enumerate(names, start=1)],
        "categories": [{"id": 1, "name": "person", "supercategory": ""}],
        "annotations": annotations,
    }
    (folder / "cvat" / "annotations" / "instances_default.json").write_text(json.dumps(value))
    return folder / "cvat"


def doctors_classes(capsys, data, *words):
    """Class -> boxes, as the doctor counts them."""
    _, out, err = trainer(capsys, "doctor", data, *words, "--json")
    assert out, err
    return json.loads(out)["classes"]


def test_a_cvat_export_as_coco(tmp_path, capsys):
    export = cvat_coco(tmp_path, ("lying", "sitting", "lying"))
    assert doctors_classes(capsys, export, "--class-by", "posture") == {"lying": 2, "sitting": 1}
    assert doctors_classes(capsys, export, "--class-by", "alone") == {"no": 2, "yes": 1}
    assert doctors_classes(capsys, export, "--class-map", "posture") == {"lying": 2, "sitting": 1}


def test_a_cvat_export_as_pascal_voc_and_entries_of_an_object(tmp_path, capsys):
    as_voc = tmp_path / "voc"
    trainer(capsys, "convert", cvat_coco(tmp_path, ("lying", "sitting", "lying")), "--to", "voc", "--out", as_voc)
    assert doctors_classes(capsys, as_voc, "--class-by", "posture") == {"lying": 2, "sitting": 1}
    for path in as_voc.glob("Annotations/*.xml"):
        root = ElementTree.parse(path)
        for item in root.iter("object"):
            item.remove(item.find("attributes"))
            ElementTree.SubElement(item, "action").text = "walking"
            item.find("pose").text = "Left"
        root.write(path)
    assert doctors_classes(capsys, as_voc, "--class-by", "action") == {"walking": 3}
    assert doctors_classes(capsys, as_voc, "--class-by", "pose") == {"Left": 3}


# Commands


@pytest.mark.parametrize("kind", ["wardsynth", "coco", "yolo", "voc", "keras-yolo3"])
def test_convert_writes_plain_classes(tmp_path, capsys, postures, map_file, kind):
    words = ("--to", kind, "--class-by", "posture", "--class-map", map_file, "--out", tmp_path / "out", "--json")
    code, out, err = trainer(capsys, "convert", postures, *words)
    assert code == 0
    assert json.loads(out)["classes"] == ["lying", "fallen"]
    known = people(postures)
    assert f"standing ({known['standing']})" in err
    labels = read_labels(str(tmp_path / "out"), ("lying", "fallen"))
    counts = Counter(classes_in(labels))
    assert counts == {"lying": known["supine"] + known["lateral-left"], "fallen": known["fallen"]}
    ignored = sum(one.ignore for image in labels.images for one in image.frame.instances)
    assert ignored == (2 * known["standing"] if kind in ("wardsynth", "coco", "voc") else 0)
    assert trainer(capsys, "doctor", tmp_path / "out", "--classes", "lying,fallen")[0] == 0


def test_merge_and_split_agree_on_the_classes_of_all(tmp_path, capsys):
    one = with_postures(make_dataset(tmp_path / "one"), ["supine"])
    other = with_postures(make_dataset(tmp_path / "other", seed=5, start=20), ["prone"])
    code, out, _ = trainer(capsys, "merge", one, other, "--class-by", "posture", "--out", tmp_path / "all", "--json")
    assert code == 0
    assert json.loads(out)["classes"] == ["prone", "supine"]
    out = trainer(capsys, "split", one, "--class-map", "posture", "--out", tmp_path / "sides", "--json")[1]
    assert sum(side["boxes"] for side in json.loads(out)["sides"].values()) == people(one).total()
    assert dataset.read_info(tmp_path / "sides" / "val").categories[2] == dataset.Category(3, "lying")


def test_doctor_counts_an_ignored_object_once_and_keeps_the_checks_of_people(capsys, postures, map_file):
    words = ("--class-by", "posture", "--class-map", map_file, "--json")
    report = json.loads(trainer(capsys, "doctor", postures, *words)[1])
    known = people(postures)
    assert report["classes"] == {"lying": known["supine"] + known["lateral-left"], "fallen": known["fallen"]}
    assert report["ignored"] == known["standing"]
    assert not report["errors"]
    report = json.loads(trainer(capsys, "doctor", postures, *words, "--unmapped", "leave-out")[1])
    assert report["ignored"] == 0


def test_anchors_are_those_of_the_classes(capsys, postures):
    both = [
        json.loads(trainer(capsys, "anchors", postures, "--k", 1, "--json", *words)[1])
        for words in ((), ("--class-by", "posture"), ("--class-by", "posture", "--classes", "fallen"))
    ]
    assert both[0] == both[1]
    assert both[2]["boxes"] == people(postures)["fallen"]


def training(data, map_file, out):
    words = ("--class-by", "posture", "--class-map", map_file, "--out", out)
    return ["fit", f"{data}[:6]", "--val", f"{data}[6:]", *words, "--model", TWO_HEADS, "--size", 96, "--batch", 2]


def test_a_model_remembers_how_its_classes_were_chosen(tmp_path, capsys, eager, map_file):
    data, run = with_postures(make_dataset(tmp_path / "ward", count=8, people=(2, 4))), tmp_path / "run"
    code, _, err = trainer(capsys, *training(data, map_file, run), "--epochs", 1)
    assert code == 0, err
    spec = model_spec(str(run))
    known = people(data)
    expected = {"lying": known["supine"] + known["lateral-left"], "fallen": known["fallen"]}
    assert spec.classes == ("lying", "fallen")
    assert spec_from_json(json.loads(json.dumps(spec.to_json())), "there") == spec
    # Without options, the classes of the data are chosen as in the training.
    words = ("--resamples", 40, "--out", tmp_path / "report")
    code, out, err = trainer(capsys, "eval", run, data, *words)
    assert code == 0, err
    assert [line.split()[:2] for line in out.splitlines() if line.split()[0] in expected] == [
        [name, str(boxes)] for name, boxes in expected.items()
    ]
    scores = json.loads((tmp_path / "report" / "metrics.json").read_text())
    assert {name: score["boxes"] for name, score in scores["classes"].items()} == expected
    assert scores["settings"]["classes_by"] == "posture of person"
    # Other options replace that, and a choice of classes restricts it.
    words = ("--class-map", "posture", "--json", "--resamples", 40)
    _, out, err = trainer(capsys, "eval", run, data, *words)
    scores = json.loads(out)
    assert sum(all(names(line, str(one)) for one in (data, spec.classes_from)) for line in err.splitlines()) == 1
    assert {name: score["boxes"] for name, score in scores["classes"].items()} == expected
    assert set(scores["settings"]["classes_not_scored"]) == {"standing", "sitting"}
    scores = json.loads(trainer(capsys, "eval", run, data, "--classes", "fallen", "--json", "--resamples", 40)[1])
    assert {name: score["boxes"] for name, score in scores["classes"].items()} == {"fallen": expected["fallen"]}
    # The run resumes unchanged only.
    assert trainer(capsys, *training(data, map_file, run), "--epochs", 1, "--resume")[0] == 0
    map_file.write_text(json.dumps({**MAP, "fallen": ["fallen"]}))
    code, _, err = trainer(capsys, *training(data, map_file, run), "--epochs", 1, "--resume")
    assert code == 2
    assert one_line(err)
    code, _, err = trainer(capsys, "fit", "--out", run, "--resume", "--class-by", "posture")
    assert code == 2
    assert one_line(err)


@pytest.mark.parametrize(
    ("other", "agrees"),
    [
        (ClassRules(("b",), ("b",), (ClassSource("person", "p"),)), True),  # the other data had other values
        (ClassRules(("a",), ("a",), (ClassSource("patient", "p"),)), True),
        (ClassRules(("a",), ("a",), (ClassSource("person", "q"),)), False),
        (ClassRules(("a",), ("a",), (ClassSource("person", "p"),), (ClassGroup("a", ("a", "b")),)), False),
    ],
)
def test_rules_agree_where_every_value_gets_the_same_class(capfd, other, agrees):
    rules = ClassRules(("a",), ("a",), (ClassSource("person", "p"),))
    assert rules.agrees_with(other) is other.agrees_with(rules) is agrees


def test_a_curve_of_classes_by_an_attribute(tmp_path, capsys, eager, map_file):
    sets = {
        name: with_postures(make_dataset(tmp_path / name, count=4, seed=seed, people=(2, 4)))
        for seed, name in enumerate(("synthetic", "real", "test"))
    }
    data = [word for name, folder in sets.items() for word in (f"--{name}", folder)]
    choice = ("--class-by", "posture", "--class-map", map_file)
    words = ("--regimes", "synthetic,real", "--fractions", "0,50", "--model", TWO_HEADS, "--size", 96, "--epochs", 1)
    code, out, err = trainer(capsys, "curve", *data, *choice, *words, "--out", tmp_path / "curve", "--json")
    assert code == 0, err
    assert [len(line["points"]) for line in json.loads(out)["series"]] == [1, 1]
    for run in (tmp_path / "curve" / "runs").iterdir():
        assert model_spec(str(run)).classes == ("lying", "fallen")
    known = people(sets["test"])
    scores = [json.loads(path.read_text())["metrics"] for path in (tmp_path / "curve" / "scores").iterdir()]
    assert {score["boxes"] for score in scores} == {known["supine"] + known["lateral-left"] + known["fallen"]}


def test_models_of_different_choices_need_one_for_both():
    one, other = (spec_of_classes(rules) for rules in (None, ClassRules(("a",), ("a",), (ClassSource("person", "p"),))))
    assert class_rules(DataRequest("ward"), (one, one)) is None
    assert class_rules(DataRequest("ward"), (other, other)) == other.classes_from
    with pytest.raises(FormatError, match="p of person"):
        class_rules(DataRequest("ward"), (one, other))


def spec_of_classes(rules):
    plan = architecture("yolov3-nano")
    return replace(spec_of(plan, "yolov3-nano", 96, ("a",), (1,)), classes_from=rules)


def test_a_description_without_rules_is_as_before():
    value = spec_of_classes(None).to_json()
    assert "classes_from" not in value
    assert spec_from_json(value, "there").classes_from is None
