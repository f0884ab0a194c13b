from __future__ import annotations

import hashlib
import socket
from pathlib import Path

import pytest

from monitor import __main__ as commands
from monitor.errors import DetectorError
from monitor.vision import fetching
from monitor.vision.fetching import fetch_first, fetch_yunet
from tests.conftest import shared_path
from tests.shelf import Shelf


@pytest.fixture
def target(tmp_path: Path) -> Path:
    return tmp_path / "models" / "yunet.onnx"


def test_a_known_file_is_kept_whole(shelf: Shelf, target: Path) -> None:
    shelf.content = shared_path("YUNET").read_bytes()
    fetch_yunet(target, shelf.address)
    assert target.read_bytes() == shelf.content
    assert list(target.parent.iterdir()) == [target]


@pytest.mark.parametrize("content", [b"", b"<html>Please log in to the school's network</html>"])
def test_another_file_is_refused_and_not_kept(shelf: Shelf, target: Path, content: bytes) -> None:
    shelf.content = content
    with pytest.raises(DetectorError, match=rf"gave {len(content)} bytes with the sha256 \w+; known are"):
        fetch_yunet(target, shelf.address)
    assert not target.parent.exists()


def test_a_file_cut_off_on_its_way_is_refused(shelf: Shelf, target: Path) -> None:
    shelf.content = shared_path("YUNET").read_bytes()[:9000]
    shelf.length = 230_000
    with pytest.raises(DetectorError):
        fetch_yunet(target, shelf.address)
    assert not target.parent.exists()


def test_a_refused_file_leaves_the_old_one(shelf: Shelf, target: Path) -> None:
    target.parent.mkdir()
    target.write_bytes(b"old")
    with pytest.raises(DetectorError):
        fetch_yunet(target, shelf.address)
    assert [(file, file.read_bytes()) for file in target.parent.iterdir()] == [(target, b"old")]


@pytest.mark.parametrize("path", ["missing", "babble"])
def test_a_server_without_it_says_what_serves_until_then(shelf: Shelf, target: Path, path: str) -> None:
    with pytest.raises(DetectorError, match=r"(?s)cannot be fetched.*Haar cascade serves until then.*copy the file"):
        fetch_yunet(target, shelf.address + path)


def test_an_address_that_nobody_answers_is_said(target: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, but nobody listens
        with pytest.raises(DetectorError, match="refused"):
            fetch_yunet(target, f"http://127.0.0.1:{taken.getsockname()[1]}/")
    with pytest.raises(DetectorError, match="unknown url type"):
        fetch_yunet(target, "opencv_zoo")


def test_a_server_that_keeps_silent_is_not_waited_for(target: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(DetectorError, match="timed out"):
        fetch_yunet(target, f"http://127.0.0.1:{silent.getsockname()[1]}/", patience=0.05)


def test_a_folder_that_cannot_be_written_is_said(shelf: Shelf, tmp_path: Path) -> None:
    shelf.content = shared_path("YUNET").read_bytes()
    (tmp_path / "file").touch()
    with pytest.raises(DetectorError, match="cannot be kept at"):
        fetch_yunet(tmp_path / "file" / "yunet.onnx", shelf.address)


def test_the_next_address_serves_where_the_first_has_nothing(shelf: Shelf, target: Path) -> None:
    shelf.content = shared_path("YUNET").read_bytes()
    fetch_first(target, (shelf.address + "missing", shelf.address))
    assert target.read_bytes() == shelf.content
    with pytest.raises(DetectorError, match="missing"):
        fetch_first(target, (shelf.address + "babble", shelf.address + "missing"))
    assert target.read_bytes() == shelf.content


@pytest.fixture
def command(target: Path, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    monkeypatch.setenv("CLASSROOM_YUNET", str(target))
    return monkeypatch


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr("sys.argv", ["monitor", "fetch-detector", *words])
    return commands.main()


def test_the_command_fetches_once(
    command: pytest.MonkeyPatch, shelf: Shelf, target: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shelf.content = shared_path("YUNET").read_bytes()
    assert run(command, "--address", shelf.address) == 0
    assert run(command, "--address", "nowhere") == 0
    assert capsys.readouterr().out.splitlines() == [f"Fetched YuNet to {target}.", f"YuNet is at {target} already."]


def test_the_command_replaces_an_older_file(
    command: pytest.MonkeyPatch, shelf: Shelf, target: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target.parent.mkdir()
    target.write_bytes(b"older")
    command.setattr(fetching, "OLDER", hashlib.sha256(b"older").hexdigest())
    shelf.content = shared_path("YUNET").read_bytes()
    assert run(command, "--quiet", "--address", shelf.address) == 0
    assert target.read_bytes() == b"older"
    assert run(command, "--address", shelf.address + "missing") == 2
    assert target.read_bytes() == b"older"
    assert run(command, "--address", shelf.address) == 0
    assert target.read_bytes() == shelf.content
    told = capsys.readouterr()
    assert told.out.splitlines() == [f"Fetched YuNet to {target}."]
    assert "The older one serves until then" in told.err


def test_the_command_fails_with_a_sentence(
    command: pytest.MonkeyPatch, shelf: Shelf, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command, "--address", shelf.address) == 2
    assert "known are" in capsys.readouterr().err


def test_a_file_that_cannot_be_read_is_said(
    command: pytest.MonkeyPatch, target: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target.parent.mkdir()
    target.symlink_to("/proc/self/mem")  # a file whose first byte not even root may read
    assert run(command) == 2
    assert f"YuNet's file at {target} cannot be read" in capsys.readouterr().err


def test_the_quiet_command_goes_on_with_haar(
    command: pytest.MonkeyPatch, shelf: Shelf, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(command, "--quiet", "--address", shelf.address) == 0
    assert "Haar cascade" in capsys.readouterr().err
