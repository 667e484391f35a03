"""The job type of Flamenco: compiled by Node.js as the farm's manager does, and its tasks run in their order."""

import json
import shutil
import subprocess

import pytest
from conftest import REPOSITORY, content
from stand_in_command import run

SCRIPT = REPOSITORY / "blender_addon" / "farm" / "wardsynth_dataset.js"

# What the manager gives a script: `author`, and a job to add tasks to. Settings that are not given have their default.
_MANAGER = """
const vm = require("vm"), fs = require("fs");
const given = JSON.parse(process.argv[2]), tasks = [];
class Task {
    constructor(name, type) { Object.assign(this, {name, type, commands: [], after: []}); }
    addCommand(command) { this.commands.push(command); }
    addDependency(task) { this.after.push(task.name); }
}
const author = {Task: (name, type) => new Task(name, type), Command: (name, parameters) => ({name, parameters})};
const context = vm.createContext({author});
const script = fs.readFileSync(process.argv[1], "utf-8");
vm.runInContext(script + "\\n;this.type = JOB_TYPE; this.compile = compileJob;", context);
const settings = Object.fromEntries(context.type.settings.map(setting => [setting.key, setting.default]));
context.compile({settings: {...settings, ...given}, addTask: task => tasks.push(task)});
console.log(JSON.stringify({type: context.type, tasks}));
"""


def compiled(check=True, **settings):
    node = shutil.which("node")
    if node is None:
        pytest.skip("no Node.js on this machine; apt-get install nodejs")
    done = subprocess.run(
        [node, "-e", _MANAGER, str(SCRIPT), json.dumps(settings)], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode == 0) == check, done.stderr
    return json.loads(done.stdout) if check else done.stderr


def test_a_run_becomes_a_task_a_shard_and_a_merge_after_all():
    tasks = compiled(out="/render/ward", count=100, shards=4)["tasks"]
    *shards, merge = tasks
    assert [task["name"] for task in shards] == [f"shard-{n}-of-4" for n in (1, 2, 3, 4)]
    assert {task["type"] for task in shards} == {"blender"}
    assert not any(task["after"] for task in shards)
    assert merge["after"] == [task["name"] for task in shards]


def test_there_are_no_more_shards_than_images():
    assert len(compiled(out="/render/ward", count=3, shards=8)["tasks"]) == 3 + 1


@pytest.mark.parametrize("wrong", [{"count": 0}, {"shards": 0}, {"seed": -1}, {"processes": 0}])
def test_settings_that_make_no_sense_are_refused(wrong):
    (name,) = wrong
    assert f"{name} is {wrong[name]}, expected at least" in compiled(check=False, out="/render/ward", **wrong)


def test_every_setting_is_of_a_type_the_farm_knows():
    for setting in compiled(out="/render/ward")["type"]["settings"]:
        assert setting["type"] in ("string", "int32", "float", "bool")
        assert setting.get("subtype", "file_path") in ("file_path", "dir_path", "file_name", "hashed_file_path")
        assert setting["description"]
        assert setting.get("required") or "default" in setting


def _words(task):
    """The command line that is WardSynth's, and what Blender is told before it."""
    (command,) = task["commands"]
    assert command["name"] == "exec"
    assert command["parameters"]["exe"] == "{blender}"
    arguments = command["parameters"]["args"]
    return arguments[arguments.index("--") + 1 :], arguments[: arguments.index("--")]


def test_the_tasks_run_in_their_order_make_the_dataset_of_one_run(tmp_path):
    assert run("generate", "--out", tmp_path / "one" / "ward", "--count", 5, "--seed", 3).returncode == 0
    tasks = compiled(out=str(tmp_path / "farm" / "ward"), count=5, seed=3, shards=2)["tasks"]
    for _ in range(2):  # a task that is run again changes nothing
        for task in tasks:
            done = run(*_words(task)[0])
            assert done.returncode == 0, done.stderr
    assert content(tmp_path / "farm" / "ward") == content(tmp_path / "one" / "ward")


def test_a_task_runs_in_a_blender_with_the_add_on():
    _, before = _words(compiled(out="/render/ward", module="bl_ext.user_default.wardsynth")["tasks"][0])
    assert before[:3] == ["-b", "--addons", "bl_ext.user_default.wardsynth"]
    assert before[3:] == [
        "--python-expr",
        "import importlib; importlib.import_module('bl_ext.user_default.wardsynth').main()",
    ]
