"""The server opens a camera by its number: OpenCV's own way through Video4Linux2, and a cable that is pulled."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.missing import missing
from tests.waiting import wait_until

SOURCE = Path(__file__).with_name("usb_camera.c")
BRIGHT, DARK = 200, 60


@dataclass
class Seen:
    pictures: list[dict[str, Any]] = field(default_factory=list)
    states: list[str] = field(default_factory=lambda: [""])
    old_pictures: int = 0

    def follow(self, lines: Iterator[str]) -> None:
        for line in lines:
            told = json.loads(line)
            if "shape" in told:
                self.pictures.append(told)
            else:
                self.states.append(told["state"])
                self.old_pictures += told["there_is_a_picture"] and told["state"] != "Live"


@pytest.fixture(scope="module")
def driver(tmp_path_factory: pytest.TempPathFactory) -> Path:
    compiler = shutil.which("cc")
    if compiler is None:
        missing("no C compiler for the camera of the tests: Debian's packages gcc and libc6-dev")
    made = tmp_path_factory.mktemp("driver") / "usb_camera.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", made, SOURCE, "-ldl"], check=True)
    return made


@pytest.fixture
def plug(tmp_path: Path) -> Path:
    """The camera is plugged in as long as this is there."""
    return tmp_path / "plug"


@contextmanager
def seen_at(index: int, driver: Path, plug: Path, **more: str) -> Iterator[Seen]:
    film = plug.with_name("film.yuyv")
    picture = np.full((720, 1280, 2), 128, np.uint8)  # no colour
    picture[..., 0] = DARK
    picture[:, :640, 0] = BRIGHT
    film.write_bytes(picture.tobytes())
    below = {"LD_PRELOAD": str(driver), "CAMERA_FILM": str(film), "CAMERA_PLUG": str(plug), **more}
    command = [sys.executable, "-m", "tests.live.seeing", str(index)]
    process = subprocess.Popen(
        command, env=os.environ | below, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    seen = Seen()
    reader = threading.Thread(target=seen.follow, args=(process.stdout,))
    reader.start()
    try:
        yield seen
    finally:
        process.kill()
        process.wait()
        reader.join()


def test_it_is_live_is_pulled_out_and_comes_back(driver: Path, plug: Path) -> None:
    plug.touch()
    with seen_at(0, driver, plug) as seen:
        wait_until(lambda: len(seen.pictures) >= 5)
        assert {tuple(one["shape"]) for one in seen.pictures} == {(720, 1280, 3)}, "not the 640 x 480 it has unasked"
        assert all(one["left"] > 180 and one["right"] < 80 for one in seen.pictures)
        plug.unlink()
        wait_until(lambda: seen.states[-1].startswith("Lost: the camera stopped sending; it is tried again"))
        wait_until(lambda: "there is no such camera" in seen.states[-1])
        before = len(seen.pictures)
        plug.touch()
        wait_until(lambda: len(seen.pictures) > before and seen.states[-1] == "Live")
        assert not seen.old_pictures, "no old picture stands for a new one"


def test_one_that_has_no_larger_picture_stays_at_its_own(driver: Path, plug: Path) -> None:
    plug.touch()
    with seen_at(0, driver, plug, CAMERA_SMALL="yes") as seen:
        wait_until(lambda: len(seen.pictures) >= 3)
        assert {tuple(one["shape"]) for one in seen.pictures} == {(480, 640, 3)}


def test_a_number_without_a_camera_says_so(driver: Path, plug: Path) -> None:
    with seen_at(1, driver, plug) as seen:
        wait_until(
            lambda: "does not answer at this address; it is tried again (there is no such camera)" in seen.states[-1]
        )
