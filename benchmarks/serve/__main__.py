"""Load on a running `trainer serve`, from a process of its own: rate, latency, the server's memory and time.

python benchmarks/serve http://127.0.0.1:8000 PICTURE... --requests 10000 --clients 8
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import json
import threading
import time
import urllib.request
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import numpy as np

BOUNDARY = "wardsynth-load"
WARM_UP = 200


def main() -> None:
    """Print the numbers as one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address")
    parser.add_argument("images", nargs="+", type=Path)
    parser.add_argument("--requests", type=int, default=1000)
    parser.add_argument("--clients", type=int, default=8)
    words = parser.parse_args()
    bodies = [multipart(path.read_bytes()) for path in words.images]
    load(words.address, bodies, WARM_UP, words.clients)
    before, began = server_numbers(words.address), time.monotonic()
    statuses, seconds = load(words.address, bodies, words.requests, words.clients)
    passed, after = time.monotonic() - began, server_numbers(words.address)
    milliseconds = np.array(seconds) * 1000
    print(
        json.dumps(
            {
                "requests": words.requests,
                "clients": words.clients,
                "per_second": round(words.requests / passed, 1),
                **{f"p{at}_ms": round(float(np.percentile(milliseconds, at)), 1) for at in (50, 90, 99, 100)},
                "statuses": dict(statuses),
                "server_cpu_ms_a_request": round(1000 * (after["cpu"] - before["cpu"]) / words.requests, 2),
                "server_cores": round((after["cpu"] - before["cpu"]) / passed, 2),
                "memory_before_mb": round(before["memory"] / 1e6, 1),
                "memory_growth_mb": round((after["memory"] - before["memory"]) / 1e6, 1),
            }
        )
    )


def load(address: str, bodies: list, requests: int, clients: int) -> tuple:
    """Send ``requests`` from ``clients`` threads, each over one connection -> (statuses, seconds of each)."""
    place, numbers, statuses, seconds = urlsplit(address), itertools.count(), Counter(), []

    def client() -> None:
        connection = http.client.HTTPConnection(place.hostname, place.port, timeout=60)
        headers = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        while (number := next(numbers)) < requests:
            began = time.monotonic()
            connection.request("POST", "/detector", bodies[number % len(bodies)], headers)
            answer = connection.getresponse()
            answer.read()
            seconds.append(time.monotonic() - began)
            statuses[answer.status] += 1

    threads = [threading.Thread(target=client) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return statuses, seconds


def server_numbers(address: str) -> dict:
    """Resident bytes and seconds of processor time of the server, as its /metrics says."""
    text = urllib.request.urlopen(f"{address.rstrip('/')}/metrics").read().decode()
    values = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    return {
        "memory": float(values["process_resident_memory_bytes"]),
        "cpu": float(values["process_cpu_seconds_total"]),
    }


def multipart(content: bytes) -> bytes:
    """A body with the image in the field my_image."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="my_image"; filename="x.jpg"\r\n\r\n'
    return head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()


if __name__ == "__main__":
    main()
