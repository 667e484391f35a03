"""Slices: which images and people they hold, their numbers, the case-by-case table, and CSVs of attributes."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from blender_addon.draw.postures import POSTURES
from shared_format import atomic, dataset
from shared_format.record import frame_to_json
from trainer.errors import TrainerError
from trainer.examples.readers import read_data, read_labels
from trainer.metrics.attribute_file import with_file
from trainer.metrics.attributes import LYING, Attributes, columns_of, read_attributes
from trainer.metrics.bootstrap import resamples
from trainer.metrics.case_table import case_table, cell
from trainer.metrics.matching import match
from trainer.metrics.slices import (
    MatchedData,
    Pair,
    most_different_pairs,
    one_slice,
    parse_pairs,
    slice_scores,
    two_way,
    worst_first,
    worst_text,
)

from .conftest import make_dataset
from .made_up import example_set, found

BOX, OTHER, NOWHERE = [10, 10, 50, 50], [200, 100, 50, 50], [300, 220, 40, 40]
# By day one stands and is found, one lies and is not; at night nobody is there, and one is seen in the next image.
GROUND_TRUTHS = [[(BOX, 0, False), (OTHER, 0, False)], [], [(BOX, 0, False)]]
FOUND = [found([(BOX, 0.9, 0), (NOWHERE, 0.8, 0)]), found([(NOWHERE, 0.7, 0)]), found([(BOX, 0.6, 0)])]
KNOWN = Attributes(
    images={"light": np.array(["day", "night", "night"], dtype=object)},
    objects={"posture": np.array(["standing", "lying", "standing"], dtype=object)},
)


def scored(confidence=0.5, ground_truths=GROUND_TRUTHS, detections=FOUND):
    matches = match(example_set(ground_truths), detections)
    return MatchedData(matches, [matches], confidence, resamples(np.arange(matches.images), 50))


def test_a_slice_of_people_counts_them_and_the_false_alarms_where_they_are():
    standing = one_slice(scored(), KNOWN, {"posture": "standing"})
    assert (standing["images"], standing["boxes"]) == (2, 2)
    assert (standing["recall"], standing["miss_rate"], standing["precision"]) == (1, 0, 2 / 3)
    assert standing["AP50"] == pytest.approx((51 + 50 * 2 / 3) / 101)
    assert standing["false_per_picture"] == 0.5
    lying = one_slice(scored(), KNOWN, {"posture": "lying"})
    assert (lying["images"], lying["boxes"], lying["AP50"], lying["recall"]) == (1, 1, 0, 0)
    assert lying["precision"] == 0  # the false alarm counts, the detection of the one who stands does not
    assert lying["recall_interval"] == pytest.approx([0, 0.793], abs=1e-3)  # Wilson: one of one missed says little


def test_a_slice_of_images_holds_the_empty_ones_too():
    night = one_slice(scored(), KNOWN, {"light": "night"})
    assert (night["images"], night["boxes"], night["recall"], night["false_per_picture"]) == (2, 1, 1, 0.5)
    assert night["AP50"] == pytest.approx(0.5)  # the false alarm in the empty image is surer
    both = one_slice(scored(), KNOWN, {"light": "night", "posture": "standing"})
    assert (both["images"], both["boxes"], both["AP50"]) == (1, 1, pytest.approx(1))


def test_a_slice_of_nobody_has_false_alarms_and_no_recall():
    known = Attributes({"people": np.array(["some", "0", "some"], dtype=object)}, {})
    nobody = one_slice(scored(), known, {"people": "0"})
    assert (nobody["AP50"], nobody["recall"], nobody["false_per_picture"]) == (None, None, 1)
    assert nobody["AP50_interval"] is None


def test_the_worst_slices_come_first():
    rows = worst_first(slice_scores(scored(), KNOWN, KNOWN.names))
    assert [row["value"] for row in rows] == ["lying", "night", "day", "standing"]
    assert rows[0]["attribute"] == "posture"
    one_value = Attributes({}, {"sex": np.array(["male"] * 3, dtype=object)})
    assert worst_first(slice_scores(scored(), one_value, ["sex"])) == []


def test_the_worst_in_words():
    many = scored(ground_truths=GROUND_TRUTHS * 3, detections=FOUND * 3)
    known = Attributes({}, {"posture": np.array(["standing", "lying", "standing"] * 3, dtype=object)})
    lines = worst_text(slice_scores(many, known, ["posture"])).splitlines()
    assert lines == ["worst      posture standing: AP50 0.835, 0% of 6 missed"]  # three lie: too few to say


def test_two_ways_at_once():
    (table,) = two_way(scored(), KNOWN, [Pair("light", "posture")])
    assert (table["row_values"], table["column_values"]) == (["day", "night"], ["lying", "standing"])
    assert [[cell and cell["boxes"] for cell in row] for row in table["cells"]] == [[1, 1], [None, 1]]
    assert table["cells"][0][1]["recall"] == 1
    assert most_different_pairs(slice_scores(scored(), KNOWN, KNOWN.names), 3) == ()  # too few boxes to tell anything


def test_pairs_that_are_none():
    assert parse_pairs(()) is None
    assert parse_pairs(("a, b",)) == (("a", "b"),)
    for wrong in ("a", "a,b,c", "a,a", "a,", ","):
        with pytest.raises(TrainerError, match=f"--pair {wrong}:"):
            parse_pairs((wrong,))


def test_intervals_hold_the_value_and_narrow_with_images():
    rng = np.random.default_rng(0)
    few, many = (
        scored(
            ground_truths=[[(BOX, 0, False)]] * n,
            detections=[found([(BOX if rng.random() < 0.7 else NOWHERE, 0.9, 0)]) for _ in range(n)],
        )
        for n in (20, 400)
    )
    widths = []
    for one in (few, many):
        known = Attributes({"all": np.array(["yes"] * one.matches.images, dtype=object)}, {})
        numbers = one_slice(one, known, {"all": "yes"})
        for name in ("AP50", "recall"):
            low, high = numbers[f"{name}_interval"]
            assert low < numbers[name] < high
        widths.append(high - low)
    assert widths[1] < widths[0] / 2


def test_the_case_by_case_table():
    known = Attributes(
        images={
            "sensor": np.array(["rgb", "infrared", "infrared"], dtype=object),
            "bed": np.array(["yes", "no", "no"], dtype=object),
        },
        objects={"sex": np.array(["female", "male", "female"], dtype=object)},
    )
    table = case_table(scored().matches, known)
    assert list(table) == ["Sensor", "Occl.", "Bed", "Gender"]
    assert all(list(row) == ["RGB", "IR", "Low", "High", "Bed", "No Bed", "Male", "Female"] for row in table.values())
    assert cell(table["Sensor"]["RGB"]) == "0.505 | -"  # one of two found: 51 of 101 points
    assert cell(table["Sensor"]["Female"]) == "1.000 | 1.000"
    assert cell(table["Sensor"]["Male"]) == "0.000 | -"
    assert cell(table["Sensor"]["Bed"]) == "0.505 | -"
    assert cell(table["Bed"]["IR"]) == "- | 0.500"
    assert cell(table["Gender"]["RGB"]) == "0.000 | 1.000"
    assert cell(table["Occl."]["RGB"]) == "- | -"


def test_the_records_own_attributes(tmp_path):
    folder = make_dataset(tmp_path / "ward", count=3, visible_fraction=0.6, distance=3.0)
    labels = read_labels(str(folder))
    known = read_attributes(labels, ("person",), "covered")
    examples = read_data(str(folder))
    assert len(known.objects["posture"]) == examples.box_count
    assert known.values("visible_fraction") == ["0.5 to 0.75"]
    assert known.values("occlusion") == ["high"]
    assert known.values("distance") == ["2 to 4 m"]
    assert known.values("lying") == ["no"]
    assert known.values("light") == ["day"]
    assert known.column("bed").tolist() == ["bed"] * 3
    assert known.scenes.tolist() == [0, 1, 2]
    assert [int(n) for n in known.column("people")] == [
        len(example.annotations.labels) for example in examples.examples
    ]


def test_what_the_data_declares_is_an_attribute_also_of_few_people():
    rows = [{"posture": f"posture {n}", "note": f"note {n}"} for n in range(11)]
    columns, _ = columns_of(rows, {"posture": []})
    assert list(columns) == ["posture"], "eleven of eleven differ, and that is what it says of itself"
    assert columns_of([{"posture": None}], {"posture": []}) == ({}, {})


def csv_of(tmp_path, text):
    path = tmp_path / "attributes.csv"
    path.write_text(text)
    return path


def test_a_csv_names_images_in_several_ways(tmp_path):
    examples = example_set(GROUND_TRUTHS)
    for names in (["000000.jpg", "000001.jpg", "000002.jpg"], ["000000", "000001", "000002"]):
        rows = "\n".join(
            f"{name},{value},{hidden}" for name, value, hidden in zip(names, ("M", "F", ""), (20, 20.5, ""))
        )
        known = with_file(KNOWN, csv_of(tmp_path, f"file_name,Gender,occlusion\n{rows}\n"), examples)
        assert known.column("sex").tolist() == ["M", "F", None]
        assert known.column("occlusion").tolist() == ["low", "high", None]
        assert known.column("light").tolist() == ["day", "night", "night"]
    by_id = with_file(KNOWN, csv_of(tmp_path, "image_id,posture,score\n2,supine,0.5\n0,standing,1\n"), examples)
    assert by_id.column("posture").tolist() == ["standing", None, "supine"]
    assert "posture" not in by_id.objects
    assert by_id.column("lying").tolist() == ["no", None, "yes"]
    assert by_id.column("score").tolist() == ["1", None, "0.5"]


def test_numbers_of_many_values_are_read_in_quarters(tmp_path):
    examples = example_set([[]] * 40)
    rows = "\n".join(f"{n:06d}.jpg,{n},note {n}" for n in range(40))
    known = with_file(Attributes({}, {}), csv_of(tmp_path, f"file_name,lux,note\n{rows}\n"), examples)
    assert known.values("lux") == ["up to 9.75", "9.75 to 19.5", "19.5 to 29.25", "above 29.25"]
    assert (known.column("lux") == "up to 9.75").sum() == 10
    assert known.names == ["lux"]  # 40 notes are no vocabulary


@pytest.mark.parametrize(
    ("text", "echoed"),
    [
        ("", "[]"),
        ("name,light\na,b\n", "['name', 'light']"),
        ("file_name,light\n", "header"),
        ("file_name,light\n000000.jpg\n", "line 2"),
        ("file_name,light\n000000.jpg,day,more\n", "line 2"),
        ("file_name,light\na.jpg,day\na.jpg,night\n", "line 3: image 'a.jpg'"),
        ("file_name,light,light\na.jpg,day,night\n", "'light'"),
        ("file_name,light\na.jpg,day\n", "'a.jpg'"),
        ("file_name,light\n\xff,day\n", "utf-8"),
    ],
)
def test_a_csv_that_cannot_be_used(tmp_path, text, echoed):
    path = tmp_path / "attributes.csv"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(TrainerError) as refused:
        with_file(KNOWN, path, example_set(GROUND_TRUTHS))
    assert str(path) in str(refused.value)
    assert echoed in str(refused.value)


def test_a_csv_that_is_not_there(tmp_path):
    with pytest.raises(TrainerError, match=r"none\.csv"):
        with_file(KNOWN, tmp_path / "none.csv", example_set(GROUND_TRUTHS))


def test_who_lies_is_said_in_words_of_the_generator():
    of_other_data = {"lying", "sleeping"}
    assert set(LYING) - of_other_data == {name for name, posture in POSTURES.items() if posture.lying}


def test_the_records_attribute_says_who_lies_whatever_the_posture_is_called(tmp_path):
    folder = make_dataset(tmp_path / "ward", count=2)
    for index, lying in enumerate(("yes", False)):
        path = dataset.frame_path(folder, index)
        frame = dataset.read_frame(path)
        people = [replace(i, attributes={"posture": "curled-up", "lying": lying}) for i in frame.instances]
        atomic.write_json(path, frame_to_json(replace(frame, instances=tuple(people))))
    known = read_attributes(read_labels(str(folder)), ("person",), "covered")
    assert set(known.column("lying")) == {"yes", "no"}
