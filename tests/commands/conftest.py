"""The command line of a server whose database has just been made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from monitor.__main__ import main
from monitor.store.store import Store, open_store
from tests.lesson import state

Say = Callable[..., tuple[int, str, str]]


@pytest.fixture
def store(tmp_path: Path, network: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    url = f"sqlite:///{tmp_path / 'class.db'}"
    monkeypatch.setenv("CLASSROOM_DATABASE_URL", url)
    monkeypatch.setenv("CLASSROOM_NETWORK", network)
    monkeypatch.setenv("CLASSROOM_DETECTOR", "haar")
    opened = open_store(url)
    state(opened)
    yield opened
    opened.close()


@pytest.fixture
def run(store: Store, capsys: pytest.CaptureFixture[str]) -> Say:
    """The exit code and what stood on stdout and stderr."""

    def say(*words: object) -> tuple[int, str, str]:
        code = main([str(word) for word in words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return say
