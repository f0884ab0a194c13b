"""What a room camera sees: `python -m tests.live.seeing ADDRESS` prints JSON for each picture and each change.

A process of its own, as the camera that is plugged in is loaded below it (`usb_camera.c`).
"""

from __future__ import annotations

import json
import sys
from functools import partial
from math import inf

from monitor.domain import Frame
from monitor.live import room_camera
from monitor.live.room_camera import RoomCamera, camera_address
from tests.waiting import wait_until


def main() -> None:
    room_camera.SHORTEST_PAUSE_S, room_camera.LONGEST_PAUSE_S = 0.1, 0.4
    camera = RoomCamera("room", camera_address(sys.argv[1]), _tell_of)
    camera.start()
    told = ""
    while True:
        wait_until(partial(_is_another, camera, told), patience=inf)
        told = camera.state.words
        _say(state=told, there_is_a_picture=camera.newest is not None)


def _is_another(camera: RoomCamera, told: str) -> bool:
    return camera.state.words != told


def _tell_of(frame: Frame) -> None:
    half = frame.image.shape[1] // 2
    left, right = (round(float(part.mean())) for part in (frame.image[:, :half], frame.image[:, half:]))
    _say(shape=frame.image.shape, left=left, right=right)


def _say(**told: object) -> None:
    """In one piece, which two threads do not mix, as `print` lets them."""
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
