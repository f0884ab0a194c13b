from __future__ import annotations

import hashlib
import io
import socket
import tarfile
from pathlib import Path

import keras
import pytest

from model_zoo import fetching, registry
from model_zoo.__main__ import main
from model_zoo.fetching import FetchError, Package, fetch, fetch_deepface, fetch_package
from tests.shelf import Shelf

CONTENTS = {"list.json": b"{}", "values.bin": b"\x00\x01" * 500}


def packed(contents: dict[str, bytes]) -> bytes:
    packet = io.BytesIO()
    with tarfile.open(fileobj=packet, mode="w:gz") as archive:
        for name, content in contents.items():
            member = tarfile.TarInfo(f"package/models/{name}")
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return packet.getvalue()


@pytest.fixture
def package(shelf: Shelf, tmp_path: Path) -> Package:
    shelf.content = packed({"README.md": b"about", **CONTENTS})
    return Package(
        shelf.address,
        tmp_path / "faces",
        {name: f"package/models/{name}" for name in CONTENTS},
        {name: hashlib.sha256(content).hexdigest() for name, content in CONTENTS.items()},
    )


def kept(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()} if folder.exists() else {}


def test_what_is_needed_of_a_package_is_kept_and_fetched_once(package: Package, shelf: Shelf) -> None:
    assert fetch_package(package, package.address).startswith("Fetched ")
    assert kept(package.folder) == CONTENTS
    assert fetch_package(package, "nowhere").endswith("here already.")


def test_a_changed_file_is_fetched_again(package: Package) -> None:
    fetch_package(package, package.address)
    package.targets[1].write_bytes(b"cut")
    fetch_package(package, package.address)
    assert kept(package.folder) == CONTENTS


def test_one_wrong_checksum_keeps_none_of_the_files(package: Package, shelf: Shelf) -> None:
    shelf.content = packed(CONTENTS | {"values.bin": b"other"})
    with pytest.raises(FetchError, match=r"gave a values\.bin of 5 bytes with the sha256 \w+, expected \w+; nothing"):
        fetch_package(package, package.address)
    assert kept(package.folder) == {}


# Named, for an archive holds the second in which it was made, and each worker of the tests would make another.
@pytest.mark.parametrize(
    "content",
    [b"", b"<html>Please log in</html>", packed({"else": b""}), packed(CONTENTS)[:90]],
    ids=["nothing", "a page", "another archive", "an archive cut short"],
)
def test_what_is_not_the_package_is_refused(package: Package, shelf: Shelf, content: bytes) -> None:
    shelf.content = content
    with pytest.raises(FetchError, match=r"which are no archive with list\.json, values\.bin .*nothing was kept"):
        fetch_package(package, package.address)
    assert kept(package.folder) == {}


@pytest.mark.parametrize("path", ["missing", "babble"])
def test_a_server_without_it_says_what_to_do(package: Package, path: str) -> None:
    with pytest.raises(
        FetchError, match=r"(?s)cannot be fetched .*Offline: fetch it on another machine and bring here"
    ):
        fetch_package(package, package.address + path)


def test_a_server_that_keeps_silent_is_not_waited_for(package: Package) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, pytest.raises(FetchError, match="timed out"):
        fetch_package(package, f"http://127.0.0.1:{silent.getsockname()[1]}/", patience=0.05)


def test_a_folder_that_cannot_be_written_is_said(package: Package) -> None:
    package.folder.touch()
    with pytest.raises(FetchError, match="cannot be kept at"):
        fetch_package(package, package.address)


def test_deepfaces_weights_are_kept_when_they_fit(shelf: Shelf, tmp_path: Path) -> None:
    spec = registry.spec("deepface_emotion")
    target = tmp_path / "kept" / "facial_expression_model_weights.h5"
    shelf.content = b"<html>Please log in</html>"
    with pytest.raises(FetchError, match=r"holds no weights of deepface's emotion network.*nothing was kept"):
        fetch_deepface(spec, shelf.address, target)
    assert not target.parent.exists()
    own = tmp_path / "own.h5"
    spec.build().save(own)
    shelf.content = own.read_bytes()
    digest = hashlib.sha256(shelf.content).hexdigest()
    assert f"Fetched {target}; its sha256 is {digest}" in fetch_deepface(spec, shelf.address, target)
    assert fetch_deepface(spec, "nowhere", target) == f"{target}: here already."


def test_imagenets_weights_come_by_way_of_keras(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(keras.applications, "VGG16", lambda **how: asked.append(how["weights"]))
    assert fetch("vgg16") == "ImageNet's weights for vgg16 are in Keras' folder (~/.keras/models)."
    assert asked == ["imagenet"]

    def offline(**_: object) -> None:
        raise OSError("no network")

    monkeypatch.setattr(keras.applications, "VGG16", offline)
    with pytest.raises(FetchError, match=r"cannot be had \(no network\)\. Offline: copy them into ~/\.keras/models"):
        fetch("vgg16")


@pytest.mark.parametrize("name", ["mobilenet_faces", "patt_lite"])
def test_the_command_says_what_is_there(
    package: Package, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    monkeypatch.setattr(fetching, "HSE_FACERES", package)
    assert main(["fetch", name]) == 0
    assert main(["fetch", "shallow_cnn"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("Fetched ")
    assert second == "shallow_cnn needs nothing that is not here."
    assert main(["fetch", "vgg99"]) == 2
    assert "no network is named 'vgg99'" in capsys.readouterr().err


def test_the_command_takes_another_address(
    package: Package, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fetching, "HSE_FACERES", package)
    assert main(["fetch", "mobilenet_faces", "--address", f"{package.address}missing"]) == 2
    assert "python -m model_zoo fetch: " in capsys.readouterr().err
