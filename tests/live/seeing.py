"""What a room camera sees: `python -m tests.live.seeing ADDRESS` prints JSON for each picture and each change.

A process of its own, as the camera that is plugged in is loaded below it (`usb_camera.c`).
"""

from __future__ import annotations

import json
import sys
import time

from monitor.domain import Frame
from monitor.live import room_camera
from monitor.live.room_camera import RoomCamera, camera_address


def main() -> None:
    room_camera.SHORTEST_PAUSE_S, room_camera.LONGEST_PAUSE_S = 0.1, 0.4
    camera = RoomCamera("room", camera_address(sys.argv[1]), _tell_of)
    camera.start()
    told = ""
    while True:
        told, before = camera.state.words, told
        if told != before:
            print(json.dumps({"state": told, "there_is_a_picture": camera.newest is not None}), flush=True)
        time.sleep(0.02)


def _tell_of(frame: Frame) -> None:
    half = frame.image.shape[1] // 2
    left, right = (round(float(part.mean())) for part in (frame.image[:, :half], frame.image[:, half:]))
    print(json.dumps({"shape": frame.image.shape, "left": left, "right": right}), flush=True)


if __name__ == "__main__":
    main()
