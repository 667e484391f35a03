"""What the service allows, and where it listens."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import Optional

from ..detection.thresholds import NMS_THRESHOLD

MEGA = 1_000_000


@dataclass(frozen=True)
class Settings:
    """Limits of one service.

    Attributes:
        nms: IoU of the suppression.
        body_bytes: of an upload. pixels: of a picture in it. queue: uploads under way at once.
        seconds: for an upload to arrive.
        token: what callers must show; None: nothing.
    """

    nms: float = NMS_THRESHOLD
    body_bytes: int = 20 * MEGA
    pixels: int = 50 * MEGA
    queue: int = 64
    seconds: float = 30.0
    token: Optional[str] = None


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach ``host``."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
