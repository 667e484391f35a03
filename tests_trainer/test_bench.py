"""The speed bench: contestants are timed in turn, one that fails says why, operations are counted as published."""

from __future__ import annotations

import ast
import importlib.util
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

SPEED = Path(__file__).resolve().parents[1] / "benchmarks" / "speed"


@pytest.fixture
def bench(monkeypatch):
    monkeypatch.syspath_prepend(str(SPEED))


def contestant(folder, name, body):
    from contest import Contestant

    script = folder / f"{name}.py"
    script.write_text(
        f"import sys, json, time\nsys.path.insert(0, {str(SPEED)!r})\nfrom rounds import answer, say\n{body}"
    )
    return Contestant(name, Path(sys.executable), script, {"task": "wait"})


def test_contestants_take_turns_and_the_ratio_is_of_pairs(bench, tmp_path):
    from contest import cost_ratio, hold, ratio

    diary = tmp_path / "diary"
    body = """
print("chatter")
def step():
    time.sleep({seconds})
    open({diary!r}, "a").write({name!r})
answer({{"task": json.loads(sys.argv[1])["task"]}}, step, 4)
"""
    entries = [
        contestant(tmp_path, name, body.format(seconds=seconds, diary=str(diary), name=name))
        for name, seconds in (("a", 0.25), ("b", 0.5))
    ]
    first, second = hold(entries, 2)
    assert first.facts["task"] == "wait"
    turn = "a" * first.facts["steps_per_round"] + "b" * second.facts["steps_per_round"]
    assert diary.read_text() == "aaabbb" + turn * 2  # warm-up, then in turn
    assert first.rate == pytest.approx(4 / 0.25, rel=0.2)
    assert ratio(first, second) == pytest.approx(2, rel=0.2)
    assert len(first.costs) == 2
    assert max(first.costs) < 0.2  # who sleeps needs no processor
    assert cost_ratio(first, second) > 0


def test_who_fails_says_why_and_the_others_go_on(bench, tmp_path):
    from contest import hold

    entries = [
        contestant(tmp_path, "good", "answer({}, lambda: time.sleep(0.3), 1)"),
        contestant(tmp_path, "absent", "raise ImportError('module-7')"),
        contestant(tmp_path, "weak", "say({})\nsys.stdin.readline()\nsys.exit('exit-3')"),
    ]
    good, absent, weak = hold(entries, 2)
    assert len(good.rates) == 2
    assert good.failure is None
    assert "module-7" in absent.failure
    assert "exit-3" in weak.failure
    assert weak.to_json()["pictures_per_second"] is None


@pytest.mark.parametrize(
    ("model", "size", "billions"),
    [("yolov3-tiny", 416, 5.565), ("yolov3-nano", 320, 0.549), ("yolov3-tiny", 832, 22.26)],
)
def test_operations_are_those_of_the_published_networks(bench, model, size, billions):
    """AlexeyAB's and dog-qiuqiu's figures for the networks with COCO's 80 classes; four times at twice the side."""
    from flops import forward_flops

    from trainer.network.architectures import make_spec
    from trainer.network.build import build_network

    spec = make_spec(model, size, tuple(map(str, range(80))), tuple(range(80)))
    assert forward_flops(build_network(spec), size) / 1e9 == pytest.approx(billions, rel=0.01)


def test_the_table_has_a_row_a_contestant_and_a_line_a_comparison(bench):
    from contest import Result
    from contests import Contest
    from report import table

    results = [
        Result("ours", {"gflops_per_picture": 10.0}, [4.0, 8.0, 8.0], [0.5, 0.2, 0.2]),
        Result("theirs", {}, [2.0, 4.0, 4.0], [1.0, 1.0, 1.0]),
        Result("absent", failure="not installed"),
    ]
    contest = Contest("step", (), ("ours", "theirs"), 1.5)
    record = {
        "date": "2026-01-01T00:00:00",
        "precision": "mixed_bfloat16",
        "threads": 2,
        "peak_tflops": 1.0,
        "machine": {"card": "Card", "load_before": [0.5, 0, 0], "load_after": [1.5, 0, 0]},
        "contests": [
            {
                "title": contest.title,
                "results": [result.to_json() for result in results],
                "verdict": contest.verdict(results),
            }
        ],
    }
    lines = table(record).splitlines()
    assert lines[0] == "# Speed on Card"
    assert "| step | ours | 125.00 | 200.0 | 8.0 | 80 | 8.0% |" in lines
    assert "| step | theirs | 250.00 | 1000.0 | 4.0 |  |  |" in lines
    assert "| step | absent | not installed | | | | |" in lines
    assert lines[-1] == "- step: ours is 2.00 times as fast as theirs, 5.00 times by processor time (target 1.5: met)"


def test_without_the_other_program_there_is_no_verdict(bench):
    from contest import Result
    from contests import Contest

    contest = Contest("step", (), ("ours", "ultralytics"), 1.0)
    assert contest.verdict([Result("ours", {}, [1.0], [1.0])]) is None


def test_cards_are_known_by_their_name(bench):
    from machine import peak_tflops

    assert peak_tflops("NVIDIA H200", "mixed_bfloat16") == 989
    assert peak_tflops("NVIDIA L40S", "float32") == 183
    assert peak_tflops("Some other card", "float32") is None
    assert peak_tflops(None, "float32") is None


def test_the_drawn_dataset_is_read_back(bench, tmp_path):
    from images import make_dataset

    from trainer.examples.readers import read_data

    examples = read_data(str(make_dataset(tmp_path / "data", 3)), ("person",)).examples
    assert len(examples) == 3
    assert all(1 <= len(example.annotations.boxes) <= 5 for example in examples)
    assert (examples[0].width, examples[0].height) == (640, 480)


@pytest.mark.parametrize("part", ["stages", "views", "memory"])
def test_the_generators_bench_passes_what_its_scripts_take(monkeypatch, tmp_path, part):
    folder = SPEED.parent / "generation"
    monkeypatch.syspath_prepend(str(folder))
    spec = importlib.util.spec_from_file_location("generation_bench", folder / "__main__.py")
    bench = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bench)
    tasks = []
    monkeypatch.setattr(bench, "_script", lambda name, task, *_: tasks.append((name, task)) or {})
    monkeypatch.setattr(bench, "_write", lambda *_: "")
    done = CliRunner().invoke(bench.main, ["--only", part, "--out", str(tmp_path)])
    assert done.exit_code == 0, done.output
    ((name, task),) = tasks
    (measure,) = (
        node
        for node in ast.parse((folder / name).read_text()).body
        if isinstance(node, ast.FunctionDef) and node.name == "measure"
    )
    assert set(task) == {argument.arg for argument in measure.args.args}
