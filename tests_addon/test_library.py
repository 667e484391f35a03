"""Own characters and objects: what a folder says, who is drawn from it, how files stand and take postures."""

import json
import re
from collections import Counter

import numpy as np
import pytest

from blender_addon.body import rigs
from blender_addon.draw import config as draw_settings
from blender_addon.draw import sample
from blender_addon.draw.custom_models import with_attributes_of_file
from blender_addon.draw.postures import POSTURES
from blender_addon.job import Job, JobError
from blender_addon.job.folder import CATEGORIES, categories_of, dataset_info, open_dataset_folder

_CUBE = """v -1 0 -1\nv 1 0 -1\nv 1 0 1\nv -1 0 1\nv -1 4 -1\nv 1 4 -1\nv 1 4 1\nv -1 4 1
f 1 2 3 4\nf 8 7 6 5\nf 1 5 6 2\nf 2 6 7 3\nf 3 7 8 4\nf 4 8 5 1\n"""


def write(path, content=_CUBE, **said):
    """A file of a library, and the JSON beside it where anything is ``said``."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    if said:
        path.with_suffix(".json").write_text(json.dumps(said))


@pytest.fixture
def people(tmp_path):
    folder = tmp_path / "people"
    write(folder / "anna.glb", "a rig", attributes={"role": "staff", "sex": "female"})
    write(folder / "scan.obj", height_m=1.7)
    return folder


@pytest.fixture
def objects(tmp_path):
    folder = tmp_path / "objects"
    write(folder / "crutch" / "cube.obj", height_m=0.9, radius_m=0.35)
    write(folder / "bottle" / "small.obj", height_m=0.2, radius_m=0.05, place="table")
    return folder


def test_the_config_holds_what_the_folder_holds(people):
    anna, scan = draw_settings.resolve(pairs=[f"people.library={people}"])["people.library_files"]
    assert (anna["file"], anna["rigged"], anna["up"], anna["front"]) == ("anna.glb", True, "z", "-y")
    assert anna["attributes"] == {"role": "staff", "sex": "female"}
    assert (scan["file"], scan["rigged"], scan["up"], scan["height_m"]) == ("scan.obj", False, "y", 1.7)


def test_without_a_library_nothing_is_drawn_from_one(people):
    plain, none = (
        sample(draw_settings.resolve(), 3, 5),
        sample(draw_settings.resolve(pairs=["people.library_share=1"]), 3, 5),
    )
    assert plain == none
    assert not plain.objects
    assert not any(person.model for person in plain.people)


def test_a_dataset_made_with_other_files_is_noticed(people, tmp_path):
    file = tmp_path / "dataset.json"
    config = draw_settings.resolve(pairs=[f"people.library={people}"])
    file.write_text(json.dumps({"format": "wardsynth", "config": config}))
    assert draw_settings.resolve(None, file) == config
    write(people / "scan.obj", _CUBE + "# another\n")
    with pytest.raises(draw_settings.ConfigError, match=r"people\.library .*scan\.obj\b.*\bsha256\b") as caught:
        draw_settings.resolve(None, file)
    assert "\n" not in str(caught.value)
    (people / "scan.obj").unlink()
    with pytest.raises(draw_settings.ConfigError, match=r"scan\.obj\b"):
        draw_settings.resolve(None, file)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"colour": "red"}, "'colour'"),
        ({"category": 3}, "category is 3"),
        ({"attributes": {"age": 3}}, "attributes is"),
        ({"height_m": -1}, "height_m is -1"),
        ({"up": "w"}, "up is"),
        ({"up": "z", "front": "-z"}, 'front is "-z"'),
        ({"rigged": "no"}, 'rigged is "no"'),
        ({"place": "moon"}, 'place is "moon".*floor, table'),
    ],
)
def test_a_wrong_json_is_one_line_naming_the_file(tmp_path, said, message):
    write(tmp_path / "lib" / "anna.glb", **said)
    with pytest.raises(draw_settings.ConfigError, match=message) as caught:
        draw_settings.resolve(pairs=[f"people.library={tmp_path / 'lib'}"])
    assert "anna.json" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_folders_that_are_none_or_empty_and_objects_without_category_are_refused(tmp_path):
    for key, folder, message in (
        ("people.library", tmp_path / "nowhere", "nowhere"),
        ("people.library", tmp_path, re.escape(f"{tmp_path}:")),
    ):
        with pytest.raises(draw_settings.ConfigError, match=message):
            draw_settings.resolve(pairs=[f"{key}={folder}"])
    write(tmp_path / "loose.obj")
    with pytest.raises(draw_settings.ConfigError, match=r"loose\.obj: category"):
        draw_settings.resolve(pairs=[f"objects.library={tmp_path}"])
    write(tmp_path / "broken.obj")
    (tmp_path / "broken.json").write_text("{")
    with pytest.raises(draw_settings.ConfigError, match=r"broken\.json"):
        draw_settings.resolve(pairs=[f"people.library={tmp_path}"])


def test_new_categories_come_after_the_known_ones(objects):
    names = [c.name for c in categories_of(draw_settings.resolve(pairs=[f"objects.library={objects}"]))]
    assert names == [*(c.name for c in CATEGORIES), "bottle", "crutch"]


def test_a_file_that_names_its_posture_says_itself_whether_the_character_lies():
    drawn = {"role": "patient", "posture": "standing", "lying": "no"}
    given = {"posture": "asleep on a stretcher"}
    assert with_attributes_of_file(drawn, given) == {"role": "patient", **given}
    assert with_attributes_of_file(drawn, {**given, "lying": "yes"})["lying"] == "yes"
    assert with_attributes_of_file(drawn, {"sex": "female"}) == {**drawn, "sex": "female"}


def test_characters_have_their_share_their_role_and_no_posture_they_cannot_take(people):
    config = draw_settings.resolve(pairs=[f"people.library={people}", "people.library_share=0.5"])
    drawn = [person for index in range(60) for person in sample(config, 4, index).people]
    own = [person for person in drawn if person.model]
    assert 0.35 < len(own) / len(drawn) < 0.6
    for person in own:
        assert person.cover is None
        assert not person.garments
        assert person.attributes["posture"] == person.posture
        assert person.attributes["lying"] == ("yes" if POSTURES[person.posture].lying else "no")
        if person.model.rigged:
            assert person.role == "staff"
            assert person.attributes["sex"] == "female"
        else:
            assert person.posture == "standing"
    assert len(Counter(person.posture for person in own)) > 3


def test_objects_stand_free_and_never_in_each_other(objects):
    config = draw_settings.resolve(pairs=[f"objects.library={objects}", 'objects.per_picture={"3": 1}'])
    heights = Counter()
    for index in range(40):
        spec = sample(config, 4, index)
        for n, item in enumerate(spec.objects):
            heights[item.z > 0.3] += 1
            away = [np.hypot(item.x - o.x, item.y - o.y) - item.radius - o.radius for o in spec.objects[:n]]
            assert all(gap > 0 or abs(item.z - o.z) > 0.1 for gap, o in zip(away, spec.objects))
            edge = min(spec.room.width / 2 - abs(item.x), spec.room.depth / 2 - abs(item.y))
            assert edge > item.radius - 1e-6
            if item.z == 0:
                assert all(np.hypot(item.x - p.stance.x, item.y - p.stance.y) > 0.5 for p in spec.people)
    assert heights[True] > 5
    assert heights[False] > 20


@pytest.mark.parametrize(
    ("names", "pairs"),
    [
        (
            [f"mixamorig:{bone}" for bone in rigs._MIXAMO],
            {"mixamorig:Hips": "pelvis", "mixamorig:LeftForeArm": "lowerarm_l"},
        ),
        (list(rigs._MAKEHUMAN), {"root": "pelvis", "lowerleg01.R": "calf_r", "finger2-1.L": "index_01_l"}),
        ([*rigs._OURS, "root", "spine_04", "spine_05"], {"spine_05": "spine_03", "hand_r": "hand_r"}),
    ],
    ids=["mixamo", "makehuman", "unreal"],
)
def test_rigs_are_known_by_their_bones(names, pairs):
    found = rigs.our_bones(names)
    assert set(rigs.ESSENTIAL) <= set(found.values())
    assert pairs.items() <= found.items()


def test_other_rigs_are_not_guessed():
    assert rigs.our_bones(["Bone", "Bone.001", "head", "pelvis"]) == {}


_IN_BLENDER = "import sys; sys.path.insert(0, 'tests_addon'); import blender_library as b\n"


_RIGS = (("mixamo", "glb", 40), ("makehuman", "blend", 0), ("unreal", "blend", 40))


@pytest.fixture(scope="module")
def compared(in_blender, tmp_path_factory):
    """How far characters of other rigs are from our body: {naming: {posture: [joints, skin, clearance]}}."""
    folder, code = tmp_path_factory.mktemp("rigs"), _IN_BLENDER + "found = {}\n"
    for naming, ending, arms_deg in _RIGS:
        file = str(folder / f"{naming}.{ending}")
        code += f"b.write_character({file!r}, {naming!r}, {arms_deg})\n"
        code += f"found[{naming!r}] = {{p: b.compared({file!r}, p) for p in b.POSTURES}}\n"
    return in_blender(code + "answer(found)")


@pytest.mark.parametrize("naming", [naming for naming, _, _ in _RIGS])
def test_a_rigged_character_takes_the_posture_of_our_body(compared, naming):
    for posture, (joints, skin, clearance) in compared[naming].items():
        assert joints < 0.03, (posture, joints)
        assert skin < 0.03, (posture, skin)
        assert -0.02 <= clearance <= 0.02, (posture, clearance)


@pytest.mark.parametrize("how", ["backward", "mirrored", "with a prop"])
def test_a_character_takes_postures_however_its_file_holds_it(in_blender, tmp_path, how):
    file = str(tmp_path / "it.blend")
    code = f"b.write_character({file!r}, 'mixamo', 60)\nchanged = b.altered({file!r}, {how!r})\n"
    joints, skin, clearance = in_blender(_IN_BLENDER + code + "answer(b.compared(changed, 'sitting-chair'))")
    assert joints < 0.03
    assert skin < 0.03
    assert -0.02 <= clearance <= 0.02


def test_hair_cards_follow_the_head_and_are_labelled_where_they_are_solid(in_blender, tmp_path):
    file = str(tmp_path / "it.blend")
    code = f"b.write_character({file!r}, 'mixamo', 60)\nanswer(b.hair_card(b.with_hair_card({file!r})))"
    found = in_blender(_IN_BLENDER + code)
    width, height = np.array(found["sides"]) * 64 / np.tan(np.radians(20.0))  # pixels, of the whole card at 1 m
    assert found["box"][2:] == pytest.approx([width / 2, height], abs=2.0)  # the head is inclined
    assert found["parts"] == ["head"]


def test_own_people_and_objects_are_labelled_and_leave_nothing_behind(in_blender, people, objects, tmp_path):
    rigged = str(people / "anna.blend")
    (people / "anna.json").rename(people / "anna.was")
    (people / "anna.glb").unlink()
    code = f"b.write_character({rigged!r}, 'mixamo')\nanswer(b.labelled({str(people)!r}, {str(objects)!r}))"
    found = in_blender(_IN_BLENDER + code)
    instances = found["instances"]
    rigged = [i for i in instances if i["own"] and i["keypoints"]]
    scans = [i for i in instances if i["own"] and not i["keypoints"]]
    assert rigged
    assert scans
    assert all(i["category"] == "person" for i in rigged + scans)
    crutches = [i for i in instances if i["category"] == "crutch"]
    assert crutches
    for item in crutches:
        assert abs(item["low"]) < 1e-4
        assert abs(item["high"] - 0.9) < 1e-4
    assert found["left"] == []


_BAD_FILES = (  # name, content, whether it is to be rigged, what of the input the message repeats
    ("gone.obj", None, False, "gone.obj"),
    ("junk.glb", "junk", False, "junk.glb"),
    ("junk.blend", "junk", False, "junk.blend"),
    ("empty.obj", "# nothing\n", False, "empty.obj"),
    ("huge.obj", _CUBE.replace("-1\n", "-100\n"), False, "101 m"),
    ("scan.obj", _CUBE, True, "scan.obj"),
)


@pytest.fixture(scope="module")
def refusals(in_blender, tmp_path_factory):
    """{name: what is said of a bad file}."""
    folder, asked = tmp_path_factory.mktemp("bad"), {}
    for name, content, rigged, _ in _BAD_FILES:
        if content is not None:
            (folder / name).write_text(content)
        asked[name] = (str(folder / name), rigged)
    return in_blender(_IN_BLENDER + f"answer({{name: b.refused(*file) for name, file in {asked!r}.items()}})")


@pytest.mark.parametrize(("name", "message"), [(name, message) for name, _, _, message in _BAD_FILES])
def test_a_bad_file_is_one_line_naming_it(refusals, name, message):
    assert name in refusals[name]
    assert message in refusals[name]
    assert "\n" not in refusals[name]


def test_going_on_with_other_files_is_refused_in_one_line(people, tmp_path):
    out = tmp_path / "ward"

    def begin(resume=False):
        job = Job(out, draw_settings.resolve(pairs=[f"people.library={people}"]))
        with open_dataset_folder(out, dataset_info(job), resume):
            pass

    begin()
    begin(resume=True)
    write(people / "scan.obj", _CUBE + "# another\n")
    with pytest.raises(JobError, match=r"people\.library: .*scan\.obj\b.*\bsha256\b") as caught:
        begin(resume=True)
    assert "\n" not in str(caught.value)
