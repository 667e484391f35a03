"""Downloads files, several at a time; retries after errors of network or server, and resumes partial files."""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Optional

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from shared_format.atomic import commit, temporary_path

from ..errors import TrainerError

_TRANSIENT = (408, 425, 429, 500, 502, 503, 504)
_BLOCK = 2**14  # bytes: the most that a broken connection can lose
_AHEAD = 4  # files per worker that are started or waiting


@dataclass(frozen=True)
class Wanted:
    """A file to fetch: its address and its destination."""

    url: str
    path: Path


@dataclass(frozen=True)
class Fetched:
    """The result for a file: ``error`` says why it is missing; ``known`` is what ``check`` returned for it."""

    wanted: Wanted
    error: Optional[str] = None
    known: object = None


@dataclass(frozen=True)
class Patience:
    """How to retry: ``retries`` per file, the first after ``backoff`` seconds, then doubled; ``timeout`` s."""

    retries: int = 5
    backoff: float = 0.5
    timeout: float = 30.0


class Downloader:
    """Fetches files with ``workers`` connections.

    An existing file is not fetched; a partial one is resumed, if the server can. ``check(path)`` looks
    at every file, those that were there too, before it counts as fetched: its result is ``Fetched.known``; a
    TrainerError is the file's error, and removes a file that was just fetched.
    """

    def __init__(self, check: Callable[[Path], object], workers: int = 8, patience: Optional[Patience] = None) -> None:
        self.check, self.workers = check, workers
        self.patience = patience or Patience()
        self._local = threading.local()

    def fetch(self, wanted: Iterable[Wanted], stop: Callable[[], bool] = lambda: False) -> Iterator[Fetched]:
        """Yield the result of each file, in order; no further one is started once ``stop()`` is true."""
        with ThreadPoolExecutor(self.workers) as pool:
            started: deque[Future[Fetched]] = deque()
            for one in wanted:
                if stop():
                    break
                started.append(pool.submit(self._fetch, one))
                if len(started) >= _AHEAD * self.workers:
                    yield started.popleft().result()
            while started:
                yield started.popleft().result()

    def _fetch(self, wanted: Wanted) -> Fetched:
        try:
            if not wanted.path.is_file():
                part = temporary_path(wanted.path)
                self._complete(wanted.url, part)
                try:
                    known = self.check(part)
                except TrainerError:
                    part.unlink()
                    raise
                commit(part, wanted.path)
                return Fetched(wanted, known=known)
            return Fetched(wanted, known=self.check(wanted.path))
        except (TrainerError, requests.RequestException, OSError) as error:
            return Fetched(wanted, " ".join(str(error).split())[:300] or type(error).__name__)

    def _complete(self, url: str, part: Path) -> None:
        """Download the rest of ``part``; after a broken connection it is resumed where it stopped."""
        for attempt in range(self.patience.retries + 1):
            try:
                self._read(url, part)
                return
            except (requests.exceptions.ChunkedEncodingError, requests.exceptions.ConnectionError):
                if attempt == self.patience.retries:
                    raise

    def _read(self, url: str, part: Path) -> None:
        there = part.stat().st_size if part.is_file() else 0
        headers = {"Accept-Encoding": "identity", **({"Range": f"bytes={there}-"} if there else {})}
        with self._session.get(url, headers=headers, stream=True, timeout=self.patience.timeout) as answer:
            if answer.status_code == requests.codes.requested_range_not_satisfiable:
                os.unlink(part)  # the file is complete or a different one: fetch it again
                raise requests.exceptions.ConnectionError(f"{url}: the partial download is of another file")
            if answer.status_code >= 400:
                raise TrainerError(f"{url}: {answer.status_code} {answer.reason}")
            goes_on = answer.headers.get("Content-Range", "").startswith(f"bytes {there}-")
            with open(part, "ab" if goes_on else "wb") as handle:
                for block in answer.iter_content(_BLOCK):
                    handle.write(block)

    @property
    def _session(self) -> requests.Session:
        """One per thread: sessions cannot be shared between threads."""
        if not hasattr(self._local, "session"):
            retry = Retry(
                total=self.patience.retries,
                backoff_factor=self.patience.backoff,
                status_forcelist=_TRANSIENT,
                raise_on_status=False,
                respect_retry_after_header=True,
            )
            session = requests.Session()
            for scheme in ("http://", "https://"):
                session.mount(scheme, HTTPAdapter(max_retries=retry))
            self._local.session = session
        return self._local.session
