"""The operators as scripts call them: preview, generate, check, config files; in every bpy that is here."""

import json
import shutil
import sys
import threading

import pytest
from blender_pythons import REGISTERED, bpy_python, run_python

from blender_addon.draw import config as draw_settings
from blender_addon.job import Job, Outcome, run_job
from shared_format import dataset

__all__ = ["bpy_python"]

_SMALL = "s = bpy.context.scene.wardsynth; s.knobs.render_size = (96, 96); s.knobs.render_samples = 1; s.seed = 7\n"

_WORKING_DAY = (
    REGISTERED
    + _SMALL
    + """
home, before = bpy.context.scene, datablocks()
orphan = bpy.data.meshes.new("the artist's, with no user")
bpy.ops.wardsynth.preview(index=2)
record, shown = bpy.context.scene.wardsynth.record, bpy.context.scene.name
bpy.ops.wardsynth.preview(index=3)
previews = [scene.name for scene in bpy.data.scenes if scene.wardsynth.record]
bpy.ops.wardsynth.render_preview()
message, failed = bpy.context.window_manager.wardsynth.message, bpy.context.window_manager.wardsynth.failed
images = [image.name for image in bpy.data.images if image.name.startswith("WardSynth")]
bpy.ops.wardsynth.remove_preview()
back = bpy.context.scene == home
survived = orphan.name in bpy.data.meshes
bpy.data.meshes.remove(orphan)
left = {kind: (before[kind], count) for kind, count in datablocks().items() if count != before[kind]}
bpy.ops.wardsynth.generate_dataset(out=FOLDER, count=2, start=2, workers=2)
bpy.ops.wardsynth.check_dataset(folder=FOLDER)
try:
    bpy.ops.wardsynth.generate_dataset(out=FOLDER, count=2, start=2)
    refused = ""
except RuntimeError as error:
    refused = str(error)
bpy.ops.wardsynth.generate_dataset(out=FOLDER, count=2, start=2, resume=True)
bpy.ops.wardsynth.load_config(filepath=FOLDER + "/dataset.json")
config = s.config()
bpy.ops.wardsynth.save_config(filepath=FOLDER + "/../saved.json")
for _ in range(2):
    blender_addon.unregister()
    gone = not hasattr(bpy.types.Scene, "wardsynth") and not hasattr(bpy.types, "WARDSYNTH_PT_main")
    blender_addon.register()
answer([json.loads(record), shown, previews, message, failed, images, back, survived, left, refused, config, gone])
"""
)


def test_a_working_day_leaves_a_dataset_and_nothing_else(bpy_python, wardsynth, tmp_path):
    folder = tmp_path / "ward"
    code = f"FOLDER = {str(folder)!r}\n" + _WORKING_DAY
    record, shown, previews, message, failed, images, back, survived, left, refused, config, gone = run_python(
        bpy_python, code, tmp_path
    )
    batch = json.loads((folder / "frames" / "000002.json").read_text())
    assert set(batch.pop("sha256")) == {"config", "image"}  # the sums of files, of which a preview has none
    assert record == batch, "the preview of image k is image k of the batch"
    assert shown.startswith("WardSynth")
    assert len(previews) == 1, "the next preview replaces the last"
    assert (message, failed) == ("image 3 of seed 7, rendered", False)
    assert images == ["WardSynth picture"]
    assert back
    assert survived, "what the artist has without users is not purged"
    assert left == {}
    assert "Resume" in refused
    assert gone
    info = dataset.read_info(folder)
    assert config == info.config, "a dataset's config loads back into the panel"
    saved = tmp_path / "saved.json"
    assert draw_settings.resolve(file=saved) == info.config, "and what the panel saves is what the command line takes"
    done = wardsynth("spec", "--index", 2, "--seed", 7, "--config", saved, "--json")
    assert json.loads(done.stdout) == batch["spec"]


_REFUSALS = (
    REGISTERED
    + """
def said(operator, **options):
    try:
        return str(operator(**options))
    except RuntimeError as error:
        return str(error)
w = bpy.ops.wardsynth
s = bpy.context.scene.wardsynth
found = [
    said(w.preview, set="render.sample=4"),
    said(w.preview, preset="wards"),
    said(w.generate_dataset, out=FOLDER + "/x", shard=(3, 2)),
    said(w.check_dataset, folder=FOLDER + "/nothing"),
    said(w.load_config, filepath=FOLDER + "/nothing.json"),
    said(w.add_own),
    said(w.use_room),
    said(w.open_folder),
]
s.knobs.people_sex__female = s.knobs.people_sex__male = 0.0
found.append(said(w.preview))
answer([found, bpy.context.window_manager.wardsynth.message])
"""
)


def test_what_cannot_be_done_is_one_line_and_changes_nothing(tmp_path):
    pytest.importorskip("bpy", reason="needs the bpy module")
    found, message = run_python(sys.executable, f"FOLDER = {str(tmp_path)!r}\n" + _REFUSALS, tmp_path)
    expected = [
        "did you mean 'render.samples'", "unknown preset 'wards', did you mean 'ward'", "shard is (3, 2)",
        "no such file", "cannot be read", "choose a collection", "save the file first", "does not exist yet",
        "people.sex",
    ]  # fmt: skip
    for said, words in zip(found, expected, strict=True):
        assert words in said
        assert "Traceback" not in said
    assert expected[-1] in message
    assert not (tmp_path / "x").exists()


_OLD_LABELS = (
    REGISTERED
    + _SMALL
    + """
from blender_addon.overlay.view import RECORD_DIGEST, record_digest
def shown():
    scene, image = bpy.context.scene.wardsynth, bpy.data.images["WardSynth picture"]
    record = json.loads(scene.record)
    return [record["index"], len(record["instances"]), image[RECORD_DIGEST] == record_digest(scene.record)]
s.preset = "ward"
s.knobs.render_size = (64, 64)
bpy.ops.wardsynth.preview(index=1, preset="room")
bpy.ops.wardsynth.render_preview()
asked = shown()
s.preset, s.index = "empty", 3
bpy.ops.wardsynth.render_preview()
moved = shown()
file = FOLDER + "/artist.blend"
bpy.ops.wm.save_as_mainfile(filepath=file)
unasked = [scene.name for scene in bpy.data.scenes]
bpy.ops.wardsynth.preview(index=2)
s.save_preview = True
bpy.ops.wm.save_mainfile()
kinds = sorted(child.name for child in bpy.context.scene.collection.children)
answer([asked, moved, unasked, len(bpy.data.scenes), kinds, len(bpy.context.scene.collection.objects)])
"""
)


def test_an_image_is_shown_under_its_own_labels_and_previews_are_not_saved_unasked(tmp_path):
    pytest.importorskip("bpy", reason="needs the bpy module")
    code = f"FOLDER = {str(tmp_path)!r}\n" + _OLD_LABELS
    asked, moved, unasked, saved, kinds, loose = run_python(sys.executable, code, tmp_path)
    assert asked[0] == 1
    assert moved[0] == 3, "the panel was changed: preview, labels and image are of what it shows now"
    assert asked[2] is True
    assert moved[2] is True
    assert unasked == ["Scene"]
    assert saved == 2
    assert {"Camera", "Lights", "Room"} <= set(kinds)
    assert loose == 0


_INSPECT = """
from blender_addon.inspection import inspect
steps = []
found = inspect(pathlib.Path(FOLDER), steps.append)
answer([found.images, found.instances, found.findings, found.lines(), steps])
"""


def test_checking_finds_what_is_broken_and_counts_the_rest(small_dataset, tmp_path):
    folder = tmp_path / "ward"
    shutil.copytree(small_dataset, folder)
    code = f"FOLDER = {str(folder)!r}\n" + _INSPECT
    images, instances, findings, lines, steps = run_python(sys.executable, code, tmp_path)
    people = sum(i.category == "person" for frame in dataset.read_frames(folder) for i in frame.instances)
    assert (images, instances["person"], findings) == (5, people, [])
    assert lines[0].startswith(f"5 images, {people} people, ")
    assert steps == [False] * 5
    image = folder / "images" / "000001.jpg"
    image.write_bytes(image.read_bytes()[:-50])
    record = folder / "frames" / "000002.json"
    said = json.loads(record.read_text())
    seen = next(i for i in said["instances"] if i.get("bbox_visible"))
    seen["bbox_visible"][2] += 1.0
    record.write_text(json.dumps(said))
    (folder / "frames" / "000003.json").write_text("{")
    (folder / "coco.json").unlink()
    _, _, findings, _, steps = run_python(sys.executable, code, tmp_path)
    for part, finding in zip(("images/000001.jpg", "box-is-extent", "JSON", "coco.json"), findings, strict=True):
        assert part in finding
    assert [finding.split(":")[0] for finding in findings[:3]] == ["image 1", "image 2", "image 3"]
    assert steps == [False, True, True, True, False]


def test_a_job_that_is_stopped_says_what_is_there_and_blames_nothing(tmp_path):
    stopping = threading.Event()
    stopping.set()
    outcome = run_job(Job(tmp_path / "ward", draw_settings.resolve(), count=3, workers=2), stop_requested=stopping)
    assert outcome == Outcome(written=0, kept=0, verified=0, failed=(), untried=3, stopped="asked to")
    assert not (tmp_path / "ward" / "coco.json").exists()
