"""The limits of the service, and the address it listens on."""

from __future__ import annotations

import ipaddress
import secrets
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Optional

from ..detection.thresholds import Suppression
from ..errors import TrainerError

MEGA = 1_000_000
RUNTIMES = ("auto", "onnx", "keras")
NO_TOKEN = "none"


@dataclass(frozen=True)
class ServeSettings:
    """Limits of one service.

    Attributes:
        body_bytes: maximum size of an upload. pixels: maximum size of its image.
        queue: maximum number of uploads that are being answered at once.
        seconds: maximum time for an upload to arrive.
        token: the token that callers must send; None: they need none.
    """

    body_bytes: int = 20 * MEGA
    pixels: int = 50 * MEGA
    queue: int = 64
    seconds: float = 30.0
    token: Optional[str] = None


@dataclass(frozen=True)
class ServeRequest:
    """The address, token, certificate, runtime, suppression and limits of one service.

    Attributes:
        token: the token that callers must send; None: a random one if other machines can reach ``host``; ``none``:
            they need none.
        certificate, key: files for HTTPS.
        runtime: one of ``RUNTIMES``, for a Keras model: auto converts it to ONNX if the libraries are installed.
        nms: how boxes that overlap are reduced.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    token: Optional[str] = None
    certificate: Optional[Path] = None
    key: Optional[Path] = None
    runtime: str = "auto"
    nms: Suppression = field(default_factory=Suppression)
    settings: ServeSettings = field(default_factory=ServeSettings)

    def __post_init__(self) -> None:
        if (self.certificate is None) != (self.key is None):
            raise TrainerError("--certificate and --key belong together; give both or neither")

    def with_token(self) -> ServeSettings:
        """The settings with the token that applies, a random one if needed."""
        token = self.token
        if token is None and not is_loopback(self.host):
            token = secrets.token_urlsafe(16)
        return replace(self.settings, token=None if token == NO_TOKEN else token)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach ``host``."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
