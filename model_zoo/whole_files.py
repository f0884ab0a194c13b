"""Files that are there whole or not at all."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def write_whole(target: Path, content: bytes) -> None:
    """Nobody ever sees half of it: written beside `target`, then put in its place. Raises OSError."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as file:
        beside = Path(file.name)
    try:
        beside.write_bytes(content)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def files_in_whole(folder: Path) -> Iterator[Path]:
    """A folder to write into. Its files are put into `folder` at the end, in the order of their last change; where
    something is raised, `folder` stays as it was."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as name:
        beside = Path(name)
        yield beside
        for file in sorted(beside.iterdir(), key=lambda file: file.stat().st_mtime_ns):
            file.replace(folder / file.name)
