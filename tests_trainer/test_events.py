"""Events of videos: intervals that are known in advance, properties of all of them, and the command's files."""

from __future__ import annotations

import csv
import itertools
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from trainer.detection.detector import Detections
from trainer.errors import TrainerError
from trainer.examples.images import load_image
from trainer.predict.events import ALONE, EMPTY, SEVERAL, EventRecorder, Sighting, Timeline
from trainer.predict.people import one_box_per_person, people_labels
from trainer.predict.predict import PredictRequest, predict
from trainer.predict.sources import find_sources

from . import postures
from .commands import one_line, trainer

LEAST = 1.0


def recorded(frames, least=LEAST):
    """The events of ``frames``: (seconds, {track: class or (class, score)})."""
    recorder = EventRecorder(least)
    events = []
    for seconds, people in frames:
        sightings = [Sighting(track, *(one if isinstance(one, tuple) else (one, 0.5))) for track, one in people.items()]
        events += recorder.add(seconds, sightings)
    return events + recorder.end()


def film(script, rate=10.0):
    """The frames of a script of (seconds, {track: class}) parts, at ``rate`` frames per second."""
    ends = list(itertools.accumulate(seconds for seconds, _ in script))
    for number in range(round(ends[-1] * rate)):
        at = number / rate
        yield at, next(people for end, (_, people) in zip(ends, script) if at < end - 1e-9)


def of_tracks(events):
    """[(track, class, start, end)], by track and time."""
    return sorted((one.track, one.event, *times(one)) for one in events if one.track is not None)


def of_view(events):
    """[(event, people, start, end)], by time."""
    return [(one.event, one.people, *times(one)) for one in events if one.track is None]


def times(event):
    return round(event.start_seconds, 3), round(event.end_seconds, 3)


def test_a_state_changes_when_another_one_begins():
    events = recorded(film([(3, {1: "standing"}), (2, {1: "sitting"}), (4, {1: "lying"})]))
    assert of_tracks(events) == [(1, "lying", 5.0, 8.9), (1, "sitting", 3.0, 5.0), (1, "standing", 0.0, 3.0)]
    assert of_view(events) == [(ALONE, 1, 0.0, 8.9)]
    assert events[0].duration_s == pytest.approx(3.0)


def test_a_state_that_is_too_short_belongs_to_the_one_before_it():
    script = [(0.9, {1: "standing"}), (3, {1: "sitting"}), (0.9, {1: "lying"}), (3, {1: "fallen"})]
    assert of_tracks(recorded(film(script))) == [(1, "fallen", 4.8, 7.7), (1, "sitting", 0.0, 4.8)]


@pytest.mark.parametrize("wrong", [0.1, 0.3, 0.45])
def test_flicker_makes_no_events(wrong):
    rng = np.random.default_rng(0)
    frames = [(number / 25, {1: "lying" if rng.random() < wrong else "sitting"}) for number in range(500)]
    assert of_tracks(recorded(frames)) == [(1, "sitting", 0.0, 19.96)]


def test_a_change_in_flicker_is_dated_to_its_beginning():
    rng = np.random.default_rng(1)
    frames = []
    for number in range(500):
        usual, other = ("sitting", "lying") if number < 250 else ("lying", "sitting")
        frames.append((number / 25, {1: other if rng.random() < 0.2 else usual}))
    first, second = sorted(of_tracks(recorded(frames)), key=lambda row: row[2])
    assert (first[1], second[1]) == ("sitting", "lying")
    assert first[3] == second[2] == pytest.approx(10.0, abs=0.3)


def test_a_short_gap_is_bridged_and_a_long_one_ends_the_event():
    bridged = recorded(film([(2, {1: "lying"}), (0.8, {}), (2, {1: "lying"})]))
    assert of_tracks(bridged) == [(1, "lying", 0.0, 4.7)]
    assert of_view(bridged) == [(ALONE, 1, 0.0, 4.7)]
    ended = recorded(film([(2, {1: "lying"}), (1.5, {}), (2, {1: "lying"})]))
    assert of_tracks(ended) == [(1, "lying", 0.0, 1.9), (1, "lying", 3.5, 5.4)]
    assert of_view(ended) == [(ALONE, 1, 0.0, 2.0), (EMPTY, 0, 2.0, 3.5), (ALONE, 1, 3.5, 5.4)]


def test_the_number_of_people():
    patient, both = {1: "lying"}, {1: "lying", 2: "standing"}
    script = [(2, {}), (3, patient), (4, both), (0.5, {**both, 3: "standing"}), (3, patient)]
    events = recorded(film(script))
    assert of_view(events) == [
        (EMPTY, 0, 0.0, 2.0),
        (ALONE, 1, 2.0, 5.0),
        (SEVERAL, 2, 5.0, 9.5),
        (ALONE, 1, 9.5, 12.4),
    ]
    assert {row[0] for row in of_tracks(events)} == {1, 2}


def test_a_person_whose_track_changes_its_id_stays_alone():
    events = recorded(film([(3, {1: "lying"}), (0.5, {}), (3, {2: "lying"})]))
    assert of_view(events) == [(ALONE, 1, 0.0, 6.4)]
    assert [row[0] for row in of_tracks(events)] == [1, 2]


def test_people_who_are_both_missed_now_and_then_are_counted():
    rng = np.random.default_rng(2)
    frames = [
        (number / 25, {track: "lying" for track in (1, 2) if number in (0, 499) or rng.random() < 0.6})
        for number in range(500)
    ]
    assert of_view(recorded(frames)) == [(SEVERAL, 2, 0.0, 19.96)]


def test_confidence_is_the_mean_of_the_frames_of_the_class():
    people = [{1: ("sitting", 0.4)}] * 30 + [{1: ("lying", 0.9)}, {1: ("lying", 0.7)}] * 15
    people[10] = {1: ("lying", 0.1)}
    first, second = (one for one in recorded(zip(np.arange(60) / 10, people)) if one.track == 1)
    assert (first.event, first.mean_confidence) == ("sitting", pytest.approx(0.4))
    assert (second.event, second.mean_confidence) == ("lying", pytest.approx(0.8))


def test_a_frame_counts_until_the_next_one_at_any_rate():
    """Half a second per frame, then many frames: as long a time, not as many frames."""
    slow = [(number / 2, {1: "lying"}) for number in range(8)]
    fast = [(4 + number / 50, {1: "sitting"}) for number in range(100)]
    assert of_tracks(recorded([*slow, *fast])) == [(1, "lying", 0.0, 4.0), (1, "sitting", 4.0, 5.98)]


def test_a_pause_between_frames_ends_everything():
    frames = [*film([(2, {1: "lying"})]), *((10 + at, people) for at, people in film([(2, {1: "lying"})]))]
    recorder = EventRecorder(LEAST)
    ended = [one for at, people in frames for one in recorder.add(at, [Sighting(t, s, 0.5) for t, s in people.items()])]
    assert [(one.track, *times(one)) for one in ended] == [(1, 0.0, 1.9), (None, 0.0, 1.9)]
    assert [(one.track, *times(one)) for one in recorder.end()] == [(1, 10.0, 11.9), (None, 10.0, 11.9)]
    assert (recorder.pauses, recorder.frames) == (1, 40)
    assert recorder.end() == []


def test_events_are_told_as_soon_as_they_have_ended():
    recorder = EventRecorder(LEAST)
    told = {}
    for at, people in film([(3, {1: "sitting"}), (3, {1: "lying"}), (3, {})]):
        for one in recorder.add(at, [Sighting(track, state, 0.5) for track, state in people.items()]):
            told[one.event] = (times(one)[1], at)
    assert told["sitting"] == (3.0, pytest.approx(4.0))
    assert told["lying"] == (5.9, pytest.approx(7.0))
    assert told[ALONE][0] == 6.0


def test_nothing_is_no_event():
    assert recorded([]) == []
    assert recorded([(0.0, {1: "lying"})]) == []
    assert recorded(film([(0.8, {1: "lying"})])) == []


classes = st.sampled_from(["standing", "sitting", "lying"])
frames_of_people = st.lists(
    st.tuples(st.floats(0.01, 1.6), st.dictionaries(st.integers(1, 3), classes, max_size=3)), min_size=1, max_size=80
)


@settings(deadline=None, max_examples=200)
@given(frames_of_people, st.floats(0.05, 2.0))
def test_properties_of_all_events(steps, least):
    ends = np.cumsum([step for step, _ in steps])
    frames = [(float(at), people) for at, (_, people) in zip(ends, steps)]
    events = recorded(frames, least)
    for track in (1, 2, 3, None):
        rows = sorted((one for one in events if one.track == track), key=lambda one: one.start_seconds)
        life = [at for at, people in frames if track is None or track in people]
        for one in rows:
            assert life[0] <= one.start_seconds <= one.end_seconds <= life[-1]
            assert one.duration_s >= least - 1e-5
            assert {one.start_seconds, one.end_seconds} <= {at for at, _ in frames}
        for one, other in itertools.pairwise(rows):
            assert one.end_seconds <= other.start_seconds
            assert one.end_seconds < other.start_seconds or (one.event, one.people) != (other.event, other.people)
        assert sum(one.duration_s for one in rows) <= (life[-1] - life[0] if life else 0) + 1e-6
    for one in events:
        if one.track is not None:
            assert one.mean_confidence == pytest.approx(0.5)
            assert any(people.get(one.track) == one.event for _, people in frames)


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.floats(1.5, 6.0), st.one_of(st.none(), classes)), min_size=1, max_size=6),
    st.sampled_from([5.0, 12.5, 25.0, 60.0]),
)
def test_the_frame_rate_moves_a_time_by_no_more_than_two_frames(parts, rate):
    script = [(seconds, {} if state is None else {1: state}) for seconds, state in parts]
    usual, other = (recorded(film(script, one)) for one in (100.0, rate))
    for kind in (of_tracks, of_view):
        expected, seen = kind(usual), kind(other)
        assert [row[:2] for row in expected] == [row[:2] for row in seen]
        for one, two in zip(expected, seen):
            np.testing.assert_allclose(one[2:], two[2:], atol=2 / rate + 0.02)


@settings(deadline=None)
@given(st.lists(st.tuples(st.floats(0.01, 0.9), classes), min_size=2, max_size=60))
def test_a_timeline_has_a_state_at_every_moment(steps):
    timeline, intervals, seconds = Timeline(LEAST), [], 0.0
    for step, state in steps:
        seconds += step
        intervals.append(timeline.add(seconds, state))
    intervals = [one for one in [*intervals, timeline.end()] if one is not None]
    first, last = timeline.span
    assert bool(intervals) == (last - first >= LEAST - 1e-6)
    if intervals:
        assert (intervals[0].start, intervals[-1].end) == (first, last)
        assert all(one.end == other.start for one, other in itertools.pairwise(intervals))


def detections(*rows):
    boxes, scores, labels = zip(*rows)
    return Detections(np.array(boxes, float), np.array(scores, float), np.array(labels, int))


def test_a_person_of_two_classes_keeps_the_better_box():
    rows = [
        ([10, 10, 40, 80], 0.9, 0),
        ([10, 10, 40, 80], 0.8, 3),
        ([12, 10, 40, 80], 0.7, 1),
        ([90, 10, 40, 80], 0.6, 1),
    ]
    found = detections(*rows)
    kept = one_box_per_person(found, np.array([0, 1]), 0.45)
    np.testing.assert_array_equal(kept.scores, [0.9, 0.8, 0.6])
    assert one_box_per_person(found, np.array([0]), 0.45) is found


def test_what_is_shown_of_a_person_of_two_classes_is_one_box_and_the_coco_file_has_both(tmp_path):
    Image.new("RGB", (64, 48)).save(tmp_path / "ward.png")
    rows = []
    request = PredictRequest(coco=tmp_path / "found.json", scores=tmp_path / "scores.csv")
    predict(postures.OnePerson(), postures.SPEC, find_sources([str(tmp_path / "ward.png")]), request, rows.append)
    assert [one["category"] for one in rows[0]["detections"]] == ["sitting"]
    assert (tmp_path / "scores.csv").read_text().count("\n") == 2
    found = json.loads((tmp_path / "found.json").read_text())
    assert [(row["category"], round(row["score"], 6)) for row in found] == [
        ("sitting", postures.SITTING),
        ("standing", postures.STANDING),
    ]


def test_which_classes_are_people():
    assert list(people_labels(("bed", "person"))) == [1]
    assert list(people_labels(("standing", "bed", "Lying"))) == [0, 2]
    assert list(people_labels(("nurse", "bed"))) == []
    assert list(people_labels(("nurse", "bed", "person"), ["nurse"])) == [0]
    with pytest.raises(TrainerError, match="nurse"):
        people_labels(("nurse", "bed"), ["nurs"])


@pytest.fixture(scope="module")
def clip(trained, tmp_path_factory):
    """Four seconds at ten frames a second: people for two seconds, then nobody."""
    pytest.importorskip("av", reason="needs the extra video")
    pytest.importorskip("supervision", reason="needs the extra video")
    from trainer.predict.video import VideoWriter

    path = tmp_path_factory.mktemp("clip") / "ward.mp4"
    image = load_image(trained["data"] / "images" / "000000.jpg")
    with VideoWriter(path, image.size) as writer:
        for number in range(40):
            writer.write(image if number < 20 else Image.new("RGB", image.size, (180, 180, 180)), number / 10)
    return path


def rows_of(path):
    """The rows of a file of events, numbers as numbers."""
    if path.suffix == ".jsonl":
        return [json.loads(line) for line in path.read_text().splitlines()]
    names = ("track", "people", "start_seconds", "end_seconds", "duration_s", "mean_confidence")
    with path.open(newline="") as handle:
        rows = list(csv.DictReader(handle))
    return [{**row, **{name: json.loads(row[name]) if row[name] else None for name in names}} for row in rows]


def test_the_command_writes_events_of_several_videos(capsys, trained, clip, tmp_path):
    copy = tmp_path / "other.mp4"
    copy.write_bytes(clip.read_bytes())
    still = trained["data"] / "images" / "000000.jpg"
    written = []
    for name in ("events.csv", "events.jsonl"):
        path = tmp_path / name
        code, out, err = trainer(capsys, "predict", trained["run"], clip, still, copy, "--events", path, "--json-lines")
        assert code == 0, err
        assert any(found.get("track") for line in out.splitlines() for found in json.loads(line)["detections"])
        written.append(rows_of(path))
    assert written[0] == written[1]
    assert {row["source"] for row in written[0]} == {str(clip), str(copy)}
    rows = [row for row in written[0] if row["source"] == str(clip)]
    people = [row for row in rows if row["track"] is not None]
    assert {row["event"] for row in people} == {"person"}
    assert all(row["mean_confidence"] > 0.25 for row in people)
    assert [row["event"] for row in rows if row["track"] is None] == [ALONE if len(people) == 1 else SEVERAL, EMPTY]
    for row in rows:
        assert row["duration_s"] == pytest.approx(row["end_seconds"] - row["start_seconds"], abs=2e-3)
    assert rows[-1]["end_seconds"] == pytest.approx(3.9, abs=0.01)
    assert {path.name for path in tmp_path.iterdir()} == {"events.csv", "events.jsonl", "other.mp4"}


def test_frames_too_far_apart_for_the_least_duration_are_named(capsys, trained, clip, tmp_path):
    words = ("--events", tmp_path / "events.csv", "--events-min-seconds", 0.05)
    code, _, err = trainer(capsys, "predict", trained["run"], clip, *words)
    assert (code, str(clip) in err, "39 of 40" in err) == (0, True, True)
    assert rows_of(tmp_path / "events.csv") == []


def test_wrong_use_of_events_is_one_line_and_writes_nothing(capsys, trained, clip, tmp_path):
    still, drawn = trained["data"] / "images" / "000000.jpg", tmp_path / "drawn"
    cases = [
        ((still, "--events", tmp_path / "a.csv"), "--events"),
        ((clip, "--events", tmp_path / "a.txt"), "a.txt"),
        ((clip, "--events", tmp_path / "a.csv", "--csv", tmp_path / "a.csv"), "a.csv"),
        ((clip, "--events", tmp_path / "a.csv", "--people", "persn"), "persn"),
        ((clip, "--events", tmp_path / "a.csv", "--people", "person,,"), "--people"),
        ((clip, "--events", tmp_path / "a.csv", "--events-min-seconds", "0"), "--events-min-seconds"),
    ]
    for words, named in cases:
        code, out, err = trainer(capsys, "predict", trained["run"], *words, "--out", drawn)
        assert (code, out, one_line(err), named in err) == (2, "", True, True), err
    assert list(tmp_path.iterdir()) == []


def test_an_interrupted_command_leaves_no_events(capsys, monkeypatch, trained, clip, tmp_path):
    def stop(self, image, detections):
        raise KeyboardInterrupt

    monkeypatch.setattr("trainer.predict.outputs.EventsOutput.write", stop)
    assert trainer(capsys, "predict", trained["run"], clip, "--events", tmp_path / "a.csv")[0] == 130
    assert list(tmp_path.iterdir()) == []
