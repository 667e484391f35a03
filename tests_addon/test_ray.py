"""A real Ray cluster of several nodes on this machine: the same images, though a node is killed in the middle."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from conftest import REPOSITORY, SMALL, content, run_wardsynth

pytest.importorskip("ray", reason="Ray is not installed; pip install 'wardsynth[ray]'")
pytest.importorskip("bpy", reason="needs the bpy module")

_OPEN = {"RAY_AUTH_MODE": "disabled"}  # the cluster asks nobody for a token
# Two nodes of a core each. The first run's nodes do not see the dataset's folder, and one is killed after the first
# image; in the second run the node that is left sees it.
_CLUSTER = """
import json, sys, threading, time
from dataclasses import replace
from pathlib import Path
from ray.cluster_utils import Cluster
from blender_addon import cli
from blender_addon.job import cluster as on_cluster

returned, shared, *words = sys.argv[1:]
cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0})
doomed, _ = cluster.add_node(num_cpus=1), cluster.add_node(num_cpus=1)

def kill_a_node():
    while not list(Path(returned).glob("frames/*.json")):
        time.sleep(0.05)
    cluster.remove_node(doomed, allow_graceful=False)

def generate(out):
    return cli.run(["generate", *words, "--out", out, "--ray", cluster.address])

killer = threading.Thread(target=kill_a_node)
killer.start()
setup_of_nodes = on_cluster.setup_of_nodes
on_cluster.setup_of_nodes = lambda job: replace(setup_of_nodes(job), out="/mounted/elsewhere")
codes = [generate(returned)]
killer.join()
on_cluster.setup_of_nodes = setup_of_nodes
codes.append(generate(shared))
cluster.shutdown()
print(json.dumps(codes))
"""


@pytest.fixture(scope="module")
def made_on_a_cluster(tmp_path_factory):
    """The folders of two runs of five images."""
    folder = tmp_path_factory.mktemp("ray")
    folders = [folder / "returned" / "ward", folder / "shared" / "ward"]
    done = subprocess.run(
        [sys.executable, "-c", _CLUSTER, *map(str, folders), "--count", "5", *SMALL],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        timeout=900,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert json.loads(done.stdout.splitlines()[-1]) == [0, 0], done.stderr[-3000:]
    return folders


@pytest.mark.slow
@pytest.mark.parametrize("run", [0, 1], ids=["sent back, a node killed", "written to the shared folder"])
def test_images_of_a_cluster_are_those_of_one_machine(made_on_a_cluster, small_dataset, run):
    assert content(made_on_a_cluster[run]) == content(small_dataset)


@pytest.fixture
def head():
    """The ``ray://`` address of a cluster of one node, begun by Ray's own command."""
    with contextlib.ExitStack() as held:
        listeners = [held.enter_context(socket.socket()) for _ in range(2)]
        for listener in listeners:
            listener.bind(("127.0.0.1", 0))
        port, clients_port = (listener.getsockname()[1] for listener in listeners)
    words = ["--head", "--block", "--num-cpus", "1", "--include-dashboard", "false", "--disable-usage-stats"]
    words += ["--port", str(port), "--ray-client-server-port", str(clients_port)]
    # A short folder of its own: Ray's sockets lie in it, and their names have a limit.
    with tempfile.TemporaryDirectory(prefix="ray", ignore_cleanup_errors=True) as folder:
        running = subprocess.Popen(
            [Path(sys.executable).with_name("ray"), "start", *words, "--temp-dir", folder],
            env={**os.environ, **_OPEN},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for _ in range(120):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", clients_port)):
                break
            time.sleep(0.5)
        yield f"ray://127.0.0.1:{clients_port}"
        running.terminate()
        running.wait(timeout=60)


@pytest.mark.slow
def test_images_asked_for_from_outside_the_cluster_are_those_of_one_machine(head, small_dataset, tmp_path):
    words = ["--start", "3", "--count", "1", "--ray", head, *SMALL]
    done = run_wardsynth("generate", "--out", tmp_path / "ward", *words, env=_OPEN)
    assert done.returncode == 0, done.stderr
    for name in ("images/000003.jpg", "frames/000003.json"):
        assert (tmp_path / "ward" / name).read_bytes() == (small_dataset / name).read_bytes()


def test_one_image_by_ray_on_this_machine_is_the_image_of_the_batch(wardsynth, small_dataset, tmp_path):
    done = wardsynth("generate", "--out", tmp_path / "ward", "--start", 3, "--count", 1, "--ray", "local", *SMALL)
    assert done.returncode == 0, done.stderr
    for name in ("images/000003.jpg", "frames/000003.json"):
        assert (tmp_path / "ward" / name).read_bytes() == (small_dataset / name).read_bytes()


@pytest.mark.parametrize("address", ["127.0.0.1:1", "ray://127.0.0.1:1", "ray://127.0.0.1:one"])
def test_a_cluster_that_does_not_answer_is_one_line_and_nothing_is_written(tmp_path, wardsynth, address):
    done = wardsynth("generate", "--out", tmp_path / "ward", "--ray", address)
    assert done.returncode == 2
    assert done.stderr.startswith(f"wardsynth: --ray {address}: ")
    assert all(value in done.stderr for value in ("auto", "local", "ray://HOST:PORT"))
    assert done.stderr.count("\n") == 1
    assert not (tmp_path / "ward").exists()


def test_without_ray_the_line_says_how_to_get_it(tmp_path, wardsynth):
    (tmp_path / "ray.py").write_text("raise ImportError('No module named ray')")
    words = ["generate", "--out", tmp_path / "ward", "--ray", "auto"]
    done = wardsynth(*words, env={"PYTHONPATH": str(tmp_path)})
    assert done.returncode == 2
    assert done.stderr.startswith("wardsynth: --ray auto: ")
    assert "pip install 'wardsynth[ray]'" in done.stderr
    assert done.stderr.count("\n") == 1
