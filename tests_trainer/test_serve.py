"""The HTTP service from outside: answers, refusals, limits, tokens; it goes on whatever is sent."""

from __future__ import annotations

import io
import socket
import threading

import numpy as np
import pytest
import requests
from PIL import Image

from trainer.detection.detector import Detector
from trainer.examples.images import load_image
from trainer.models.files import load_model
from trainer.serve.settings import is_loopback

from . import hostile, postures
from .serving import in_this_process, serving

pytest.importorskip("fastapi", reason="needs the extra serve")


@pytest.fixture(scope="module")
def service(exported):
    with serving(exported, "--max-megabytes", 2, "--max-megapixels", 3) as served:
        yield served


def images_of(trained):
    return sorted((trained["data"] / "images").glob("*.jpg"))


def test_the_answers_are_those_of_predict(service, trained):
    detector = Detector(*load_model(str(trained["run"])))
    for path in images_of(trained)[:3]:
        (expected,) = detector.detect([load_image(path)], 0.25)
        answer = service.post("detector", path.read_bytes())
        assert answer.status_code == 200
        value = answer.json()
        assert (value["width"], value["height"]) == (128, 112)
        assert [one["category"] for one in value["detections"]] == ["person"] * len(expected.scores)
        np.testing.assert_allclose([one["score"] for one in value["detections"]], expected.scores, atol=1e-3)
        np.testing.assert_allclose([one["bbox"] for one in value["detections"]], expected.boxes, atol=0.2)
        for one in value["detections"]:
            x, y, width, height = one["bbox"]
            assert one["label"] == one["category"]
            corners = [one[name] for name in ("cmin", "rmin", "cmax", "rmax")]
            np.testing.assert_allclose(corners, [x, y, x + width, y + height])
        best = service.post("api", path.read_bytes()).json()
        assert best["max_class"] == best["category"] == "person"
        assert best["max_value"] == best["score"] == pytest.approx(expected.scores[0], abs=1e-3)


def test_a_person_of_two_classes_has_one_box():
    from trainer.serve.app import make_app
    from trainer.serve.settings import ServeSettings

    with in_this_process(make_app(Detector(postures.OnePerson(), postures.SPEC), ServeSettings())) as address:
        answer = requests.post(f"{address}detector", files={"my_image": ("x", hostile.JPEG)}, timeout=60).json()
    assert [one["category"] for one in answer["detections"]] == ["sitting"]


def test_the_confidence_is_the_callers(service, trained):
    content = images_of(trained)[0].read_bytes()
    many, few = (service.post(f"detector?conf={conf}", content).json()["detections"] for conf in (0, 0.6))
    assert len(many) > len(few)
    assert [one for one in many if one["score"] > 0.6] == few
    assert service.post("detector?conf=7", content).status_code == 422


@pytest.mark.parametrize("name", hostile.REFUSED)
def test_a_bad_upload_is_refused_with_the_reason(service, name):
    content, status = hostile.REFUSED[name]
    answer = service.post("detector", content)
    assert answer.status_code == status, answer.text
    assert len(answer.json()["error"].splitlines()) == 1
    assert service.get("health").json()["status"] == "ok"


@pytest.mark.parametrize("name", hostile.ACCEPTED)
def test_an_unusual_image_is_an_image(service, name):
    content, size = hostile.ACCEPTED[name]
    answer = service.post("detector?conf=0.01", content)
    assert answer.status_code == 200, answer.text
    assert (answer.json()["width"], answer.json()["height"]) == size


def test_a_turned_image_has_its_boxes_where_a_viewer_shows_it(service, trained):
    with Image.open(images_of(trained)[0]) as image:
        stored, exif = image.rotate(90, expand=True), Image.Exif()
        exif[0x0112] = 6  # shown turned clockwise
        sideways, upright = (
            hostile.encoded(one, **options)
            for one, options in ((stored, {"exif": exif, "quality": 95}), (image, {"quality": 95}))
        )
    (seen, given) = (service.post("detector", one).json() for one in (sideways, upright))
    assert (seen["width"], seen["height"]) == (128, 112)
    np.testing.assert_allclose(seen["detections"][0]["bbox"], given["detections"][0]["bbox"], atol=3)


def test_wrong_requests_say_what_is_right(service):
    for answer in (
        service.post("detector", hostile.JPEG, field="picture"),
        service.session.post(service.address + "detector", data={"my_image": "text"}),
        service.session.post(service.address + "detector", data=hostile.JPEG),
    ):
        assert answer.status_code == 422
        assert "my_image" in answer.json()["error"]
    broken = {"Content-Type": "multipart/form-data; boundary=x"}
    answer = service.session.post(service.address + "detector", data=b"--x\r\nbroken", headers=broken)
    assert 400 <= answer.status_code < 500
    assert service.get("detector").status_code == 405
    assert service.get("../etc/passwd").status_code == 404


def test_a_body_above_the_limit_is_answered_not_cut_off(service):
    answer = service.post("detector", bytes(9_000_000))
    assert answer.status_code == 413
    assert "2000000 bytes" in answer.json()["error"]
    pixels = hostile.encoded(Image.new("L", (2000, 2000)), "PNG")
    assert "2000 x 2000" in service.post("detector", pixels).json()["error"]


def test_callers_who_leave_or_lie_do_no_harm(service):
    host, port = service.address.split("/")[2].split(":")
    head = "POST /detector HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=b\r\n"
    for text in (
        head + "Content-Length: 1000\r\n\r\n--b\r\n",
        head + "Content-Length: -5\r\n\r\n",
        head + "Transfer-Encoding: chunked\r\n\r\nzz\r\n",
        "NONSENSE\r\n\r\n",
        "",
    ):
        with socket.create_connection((host, int(port))) as connection:
            connection.sendall(text.encode())
    assert service.post("detector", hostile.JPEG).status_code == 200


def test_callers_at_the_same_time_get_their_own_answers(service, trained):
    contents = [path.read_bytes() for path in images_of(trained)]
    alone = [service.post("detector", content).json() for content in contents]
    together: dict = {}

    def call(number):
        together[number] = [service.post("detector", contents[number]).json() for _ in range(4)]

    threads = [threading.Thread(target=call, args=(number,)) for number in range(len(contents))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for number, expected in enumerate(alone):
        for answer in together[number]:
            scores = [one["score"] for one in answer["detections"]]
            np.testing.assert_allclose(scores, [one["score"] for one in expected["detections"]], atol=1e-4)
    assert 'wardsynth_answers_total{door="/detector",status="200"}' in service.get("metrics").text


def test_the_documentation_needs_no_other_machine(service):
    page = service.get("docs").text
    assert "http" not in page.replace("http-equiv", "").split("<body>")[0]
    described = service.get("openapi.json").json()["paths"]
    assert set(described) == {"/detector", "/api", "/health", "/metrics"}
    assert "415" in described["/detector"]["post"]["responses"]


def test_fuzzed_uploads(service):
    assert {attack(service, seed) for seed in range(50)} <= {200, 413, 415, 422}


@pytest.mark.slow
def test_a_thousand_fuzzed_uploads(service):
    statuses = [attack(service, seed) for seed in range(1000, 2000)]
    assert set(statuses) <= {200, 413, 415, 422}
    assert statuses.count(200) < 700
    assert service.get("health").json()["status"] == "ok"


def attack(service, seed):
    answer = service.post("detector", hostile.fuzzed(seed))
    assert answer.status_code == 200 or answer.json()["error"]
    return answer.status_code


def test_a_full_queue_says_so(exported):
    from trainer.serve.app import make_app
    from trainer.serve.settings import ServeSettings

    detector = Detector(*load_model(str(exported)))
    began, go_on = threading.Event(), threading.Event()
    look = detector.predictions

    def slow(*words):
        began.set()
        go_on.wait(30)
        return look(*words)

    detector.predictions = slow
    with in_this_process(make_app(detector, ServeSettings(queue=1))) as address:

        def post():
            return requests.post(f"{address}detector", files={"my_image": ("x", hostile.JPEG)}, timeout=60)

        first: list = []
        thread = threading.Thread(target=lambda: first.append(post()))
        thread.start()
        assert began.wait(30)
        refused = post()
        go_on.set()
        thread.join()
        assert (refused.status_code, refused.headers["retry-after"]) == (429, "1")
        assert first[0].status_code == 200
        assert post().status_code == 200


def test_an_upload_that_does_not_arrive_is_given_up(exported):
    import asyncio

    from starlette.exceptions import HTTPException

    from trainer.serve.limits import _Body
    from trainer.serve.settings import ServeSettings

    async def never():
        await asyncio.sleep(60)

    async def upload():
        await _Body(never, ServeSettings(seconds=0.05)).receive()

    with pytest.raises(HTTPException, match="408"):
        asyncio.run(upload())


def test_beyond_this_machine_callers_need_the_token(exported):
    assert [is_loopback(host) for host in ("127.0.0.1", "::1", "localhost", "0.0.0.0", "ward.local")] == [
        True,
        True,
        True,
        False,
        False,
    ]
    with serving(exported, "--host", "0.0.0.0") as served:
        assert len(served.token) > 15
        assert served.get("health").status_code == 200
        assert served.get("").status_code == 200
        assert served.post("detector", hostile.JPEG).status_code == 401
        assert served.post("api", hostile.JPEG, headers={"Authorization": "Bearer wrong"}).status_code == 401
        assert served.get("metrics").status_code == 401
        bearer = {"Authorization": f"Bearer {served.token}"}
        assert served.post("detector", hostile.JPEG, headers=bearer).status_code == 200


def test_a_port_that_is_taken_is_one_line(service, exported, capsys):
    from trainer.cli import cli, run

    port = service.address.rstrip("/").rpartition(":")[2]
    assert run(cli, ["serve", str(exported), "--port", port]) == 2
    message = capsys.readouterr().err
    assert f"--port {port}" in message
    assert len(message.strip().splitlines()) == 1


def test_keras_itself_serves_too(trained):
    with serving(trained["run"], "--runtime", "keras") as served:
        buffer = io.BytesIO(images_of(trained)[0].read_bytes())
        assert served.post("detector", buffer.getvalue()).json()["detections"]
