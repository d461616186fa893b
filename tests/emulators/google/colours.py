"""Colours as the service keeps them: eight bits a channel, told as floats of four bytes."""

from __future__ import annotations

import struct
from functools import lru_cache
from typing import Any

from tests.emulators.google.mask import MIRRORED, MIRRORS

CHANNELS = ("red", "green", "blue")


@lru_cache(maxsize=256)
def channel(step: int) -> float:
    """The shortest number that is this step in a float of four bytes.

    >>> channel(127), channel(255)
    (0.49803922, 1)
    """
    packed = struct.pack("f", step / 255)
    for digits in range(1, 10):
        made = float(f"{step / 255:.{digits}g}")
        if struct.pack("f", made) == packed:
            return int(made) if made.is_integer() else made
    return step / 255


def _kept(colour: dict[str, Any]) -> dict[str, Any]:
    steps = {name: int(colour.get(name, 0) * 255 + 1e-6) for name in CHANNELS}
    return {name: channel(min(255, step)) for name, step in steps.items() if step > 0}


def kept(value: Any) -> Any:
    """A message as it is stored: its colours cut to eight bits, each in both of its places."""
    if isinstance(value, list):
        return [kept(each) for each in value]
    if not isinstance(value, dict):
        return value
    made = {
        name: each if name in MIRRORED or name == "rgbColor" else kept(each)
        for name, each in value.items()
    }
    if "rgbColor" in made:
        made["rgbColor"] = _kept(made["rgbColor"])
    for plain, style in MIRRORS.items():
        if style in made:
            made[style] = kept(made[style])
            if not made[style]:
                del made[style]
            elif "rgbColor" in made[style]:
                made[plain] = made[style]["rgbColor"]
        elif plain in made:
            made[plain] = _kept(made[plain])
            made[style] = {"rgbColor": made[plain]}
    return made


def web(colour: dict[str, Any]) -> str:
    """A colour as web pages write it.

    >>> web({"red": 1, "blue": 0.49803922})
    '#FF007F'
    """
    return "#" + "".join(f"{round(colour.get(name, 0) * 255):02X}" for name in CHANNELS)
