"""Fetches what a network begins with or is compared with, and is not the project's to ship. Whole, or not at all.

What stands here is known by its SHA-256. ImageNet's weights come by way of `keras.applications`, which knows theirs and
keeps them in `~/.keras`.
"""

from __future__ import annotations

import hashlib
import io
import tarfile
import tempfile
import urllib.request
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path

from model_zoo import registry
from model_zoo.architectures import imagenet
from model_zoo.architectures.deepface import load_package_weights
from model_zoo.architectures.faces import FACES, SHA256
from model_zoo.errors import ModelZooError
from model_zoo.recipes import recipe
from model_zoo.whole_files import write_whole

LARGEST = 200_000_000  # bytes; all that is known here is a good deal smaller
PATIENCE = 60.0  # seconds without an answer


class FetchError(ModelZooError):
    """Something cannot be fetched, is not what it should be, or cannot be kept; the message says what to do."""


@dataclass(frozen=True)
class Package:
    """A tar archive at an address, and what is kept of it in `folder`: by the name of each kept file its place in the
    archive and its SHA-256."""

    address: str
    folder: Path
    members: Mapping[str, str]
    sha256: Mapping[str, str]

    @property
    def targets(self) -> tuple[Path, ...]:
        return tuple(self.folder / name for name in self.members)

    @property
    def is_here(self) -> bool:
        """All of it, and unchanged."""
        return all(path.is_file() and _digest(path.read_bytes()) == self.sha256[path.name] for path in self.targets)


HSE_FACERES = Package(
    address="https://registry.npmjs.org/@vladmandic/human/-/human-3.3.6.tgz",
    folder=FACES,
    members={name: f"package/models/{name}" for name in SHA256},
    sha256=SHA256,
)
"""In the npm package @vladmandic/human (MIT): A. Savchenko's network (Apache-2.0)."""

DEEPFACE = (
    "https://github.com/serengil/deepface_models/releases/download/v1.0/facial_expression_model_weights.h5",
    Path("var/deepface/facial_expression_model_weights.h5"),
)


def fetch(name: str, address: str | None = None, patience: float = PATIENCE) -> str:
    """Brings what the network `name` needs, and says in a sentence what is there now. `address` takes the place of
    the known one. Raises FetchError, and UnknownModelError for a name that no network has."""
    spec = registry.spec(name)
    start = recipe(name).start
    if start == "faces":
        return fetch_package(HSE_FACERES, address or HSE_FACERES.address, patience)
    if name == "deepface_emotion":
        return fetch_deepface(spec, address or DEEPFACE[0], DEEPFACE[1], patience)
    if start == "imagenet":
        return _fetch_imagenet(name)
    return f"{name} needs nothing that is not here."


def fetch_package(package: Package, address: str, patience: float = PATIENCE) -> str:
    """Raises FetchError; then nothing is kept."""
    kept = ", ".join(str(target) for target in package.targets)
    if package.is_here:
        return f"{kept}: here already."
    contents = _members(package, _download(address, kept, patience), address)
    for name, content in contents.items():
        digest = _digest(content)
        if digest != package.sha256[name]:
            raise FetchError(
                f"{address} gave a {name} of {len(content)} bytes with the sha256 {digest}, "
                f"expected {package.sha256[name]}; nothing was kept"
            )
    for name, content in contents.items():
        _keep(package.folder / name, content)
    return f"Fetched {kept}."


def fetch_deepface(spec: registry.ModelSpec, address: str, target: Path, patience: float = PATIENCE) -> str:
    """The package's authors publish no checksum: the file is kept when its weights fit the network.
    Raises FetchError."""
    if target.is_file():
        return f"{target}: here already."
    content = _download(address, str(target), patience)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / target.name
        file.write_bytes(content)
        try:
            load_package_weights(spec.build(), file, mean=0.0, deviation=1.0)
        except ModelZooError as error:
            raise FetchError(f"{address} gave {len(content)} bytes: {error}; nothing was kept") from error
    _keep(target, content)
    return f"Fetched {target}; its sha256 is {_digest(content)}. To measure it: export {spec.name} --package {target}"


def _download(address: str, kept: str, patience: float) -> bytes:
    try:
        with urllib.request.urlopen(address, timeout=patience) as answer:
            return bytes(answer.read(LARGEST))
    except (OSError, HTTPException, ValueError) as error:
        raise FetchError(
            f"{address} cannot be fetched ({error}). Offline: fetch it on another machine and bring here {kept}."
        ) from error


def _members(package: Package, content: bytes, address: str) -> dict[str, bytes]:
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as archive:
            return {name: _member(archive, place) for name, place in package.members.items()}
    except (tarfile.TarError, KeyError, OSError, EOFError, zlib.error) as error:
        raise FetchError(
            f"{address} gave {len(content)} bytes, which are no archive with {', '.join(package.members)} "
            f"({error}); nothing was kept"
        ) from error


def _member(archive: tarfile.TarFile, place: str) -> bytes:
    file = archive.extractfile(place)
    if file is None:
        raise KeyError(f"{place} is no file")
    return file.read()


def _fetch_imagenet(name: str) -> str:
    """Keras checks what it fetches, and keeps it; a second call finds it there."""
    try:
        imagenet.application_of(name)
    except Exception as error:
        raise FetchError(
            f"ImageNet's weights for {name} cannot be had ({error}). Offline: copy them into ~/.keras/models from a "
            f"machine that has them; without them `train {name}` begins from scratch and says so."
        ) from error
    return f"ImageNet's weights for {name} are in Keras' folder (~/.keras/models)."


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _keep(target: Path, content: bytes) -> None:
    try:
        write_whole(target, content)
    except OSError as error:
        raise FetchError(f"{target.name} cannot be kept at {target}: {error}") from error
