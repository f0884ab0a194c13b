"""What all tests share."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

# Before any test brings TensorFlow in: loaded after it, libsrtp crashes the process. A dashboard has no TensorFlow.
import app.webrtc  # noqa: F401
from monitor.store.store import Store, open_store
from monitor.vision.classification import Classifier, open_classifier
from tests import shelf as shelves
from tests.lesson import state
from tests.missing import missing

# Else a lesson with pseudonyms would write a key beside the settings.
os.environ.setdefault("CLASSROOM_PSEUDONYM_KEY", "of the tests, and of nothing else")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browsers, which wait more than they work, begin: with `-n`, other files work beside them."""
    items.sort(key=lambda item: item.path.parent.name != "browser")


def pytest_collection_finish() -> None:
    """The collector need not look through the test modules and TensorFlow, over and over."""
    gc.collect()
    gc.freeze()


def shared_path(variable: str) -> Path:
    """The file or folder that the environment variable names. Without it the test is skipped, but fails in CI."""
    if variable in os.environ:
        return Path(os.environ[variable])
    reason = f"set {variable} to the path of what this test reads; it is not part of the project"
    missing(reason)


@pytest.fixture
def store() -> Iterator[Store]:
    """A real database that lives in memory."""
    opened = open_store("sqlite://")
    state(opened)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def network(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the setting `network` is in tests: the shipped default, else a small one made here."""
    from model_zoo.weights import DEFAULT, shipped
    from tests.little_network import write

    return "default" if DEFAULT in shipped() else str(write(tmp_path_factory.mktemp("network")))


@pytest.fixture(scope="session")
def classifier(network: str) -> Classifier:
    return open_classifier(network)


@pytest.fixture
def shelf() -> Iterator[shelves.Shelf]:
    with shelves.opened() as server:
        yield server
