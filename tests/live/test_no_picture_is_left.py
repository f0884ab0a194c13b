"""After and during a lesson, the bytes of a known picture are in no file: database, log, temporary and open files."""

from __future__ import annotations

import base64
import io
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from monitor.domain import Image
from monitor.live.video import ROOT
from tests.faces import picture
from tests.live.measured_lesson import PLACES

PIECE = 24
IMAGES = (
    *(".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp", ".tif", ".tiff"),
    *(".npy", ".npz", ".pkl", ".pt", ".h5", ".mp4", ".webm"),
)
# Of JPEG, PNG, WebP, GIF, TIFF, NumPy, HDF5, pickles of arrays, and videos.
SIGNS = (
    *(b"\xff\xd8\xff\xe0", b"\xff\xd8\xff\xe1", b"JFIF", b"\x89PNG\r\n", b"WEBPVP8", b"GIF89a", b"II*\x00\x08"),
    *(b"\x93NUMPY", b"\x89HDF\r\n", b"numpy.core.multiarray", b"numpy._core.multiarray", b"ftypisom", b"matroska"),
)


def pieces(image: Image) -> Iterator[bytes]:
    """Of the picture in all forms in which it may have been written down: pixels of several orders and types, encoded
    pictures, and base64 of those. Only such pieces as do not come about by chance."""
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    head = grey[60:180, 90:210]
    planes = [image, image[..., ::-1], grey, *np.moveaxis(image, -1, 0), image[:, ::-1], grey[:, ::-1]]
    planes += [cv2.resize(head, (side, side), interpolation=cv2.INTER_AREA) for side in (44, 48, 64, 96)]
    floats = [(grey / 255).astype(kind) for kind in (np.float16, np.float32, np.float64)]
    parts = (image, image[..., ::-1], head)
    encoded = [cv2.imencode(form, part)[1] for form in (".png", ".jpg", ".webp") for part in parts]
    for plane in (*planes, *floats):
        rows = np.ascontiguousarray(plane)
        for row in rows[len(rows) // 4 : len(rows) * 3 // 4 : 7]:
            content = row.tobytes()
            yield from _telling(content[len(content) // 3 :])
    for picture_file in encoded:
        content = picture_file.tobytes()
        yield from _telling(content[len(content) // 2 :])


def _telling(content: bytes) -> Iterator[bytes]:
    piece = content[:PIECE]
    if len(set(piece)) < PIECE // 3:
        return
    yield piece
    # In base64 a piece reads otherwise by where it begins among three bytes.
    for shift in range(3):
        yield base64.b64encode(content[shift : shift + 2 * PIECE])[4 : PIECE + 4]


def found(folders: list[Path], known: frozenset[bytes]) -> list[str]:
    """Files that hold a piece of the picture, or are of a kind that could."""
    files = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
    return [str(file) for file in files if _holds(file, known)]


def _holds(file: Path, known: frozenset[bytes]) -> bool:
    content = file.read_bytes()
    return file.suffix.lower() in IMAGES or any(one in content for one in (*known, *SIGNS))


@pytest.fixture(scope="module")
def known() -> frozenset[bytes]:
    return frozenset(piece for place in PLACES for piece in pieces(picture(place)))


@pytest.fixture
def end(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def server(tmp_path: Path, network: str, end: str) -> Iterator[subprocess.Popen[str]]:
    (tmp_path / "tmp").mkdir()
    surroundings = {
        **os.environ,
        "CLASSROOM_DATABASE_URL": f"sqlite:///{tmp_path / 'class.db'}",
        "CLASSROOM_NETWORK": network,
        "CLASSROOM_DETECTOR": "haar",
        "PYTHONPATH": str(ROOT),
        "PYTHONFAULTHANDLER": "1",
        **{name: str(tmp_path / "tmp") for name in ("TMPDIR", "HOME", "XDG_CACHE_HOME")},
    }
    command = [sys.executable, "-m", "tests.live.measured_lesson", *(["traced"] if end == "in peace" else [])]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command,
        text=True,
        cwd=tmp_path,
        env=surroundings,
        stdin=pipe,
        stdout=pipe,
        stderr=pipe,
        preexec_fn=_let_cores_be_written,
    ) as running:
        yield running
        running.kill()


def _let_cores_be_written() -> None:
    """As far as this machine allows: else a process that did nothing against them would pass as well."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
    resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))


@pytest.mark.parametrize("end", ["in peace", "by a crash"], indirect=True)
def test_no_byte_of_the_picture_is_in_any_file(
    server: subprocess.Popen[str], tmp_path: Path, known: frozenset[bytes], end: str
) -> None:
    assert server.stdout is not None
    assert int(server.stdout.readline()) > 0, "a lesson that measured nothing shows nothing"
    assert found([tmp_path], known) == []
    if end == "in peace":
        assert _open_files(server.pid, known) == []
    else:
        assert core_limit(server.pid) == ["0", "0"]
        server.send_signal(signal.SIGABRT)
    _out, said = server.communicate("\n")
    assert list(tmp_path.rglob("core*")) == []
    assert found([tmp_path], known) == []
    assert not any(piece in said.encode() for piece in known)
    assert (tmp_path / "class.db").stat().st_size > 0
    assert (tmp_path / "server.log").stat().st_size > 0


def core_limit(pid: int) -> list[str]:
    """In bytes, of a running process: what it may write now, and what it may raise that to."""
    (line,) = [one for one in Path(f"/proc/{pid}/limits").read_text().splitlines() if one.startswith("Max core file")]
    return line.split()[4:6]


def _open_files(pid: int, known: frozenset[bytes]) -> list[str]:
    """Those that the process holds open and that are no program or network: also ones without a name any more."""
    folder = Path(f"/proc/{pid}/fd")
    if not folder.exists():
        return []
    names = ((entry, os.readlink(entry)) for entry in folder.iterdir())
    held = [(entry, name) for entry, name in names if name.startswith("/") and entry.is_file()]
    return [name for entry, name in held if not name.startswith(str(ROOT)) and _holds(entry, known)]


@pytest.mark.parametrize("form", ["pixels", "grey", "png", "jpg", "base64", "array"])
def test_the_search_finds_a_picture_that_was_left(tmp_path: Path, known: frozenset[bytes], form: str) -> None:
    image = picture(PLACES[1])
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    array = io.BytesIO()
    np.save(array, np.zeros(9))
    left = {
        "pixels": image.tobytes(),
        "grey": grey.tobytes(),
        "png": cv2.imencode(".png", image)[1].tobytes(),
        "jpg": cv2.imencode(".jpg", image)[1].tobytes(),
        "base64": base64.b64encode(b"x" + image.tobytes()),
        "array": array.getvalue(),
    }
    (tmp_path / "class.db").write_bytes(b"SQLite format 3\x00" + left[form] + b"the end")
    assert found([tmp_path], known) == [str(tmp_path / "class.db")]
    (tmp_path / "class.db").write_bytes(b"SQLite format 3\x00")
    assert found([tmp_path], known) == []
