"""A small disk of its own, in memory, and how it becomes full. Mounting takes root."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

BLOCK = 4096
SQLITE_MB = 8


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path]:
    """The folder in which it is mounted."""
    if shutil.which("mount") is None or os.geteuid() != 0:
        pytest.skip("a small disk is mounted by root alone")
    folder = Path(tempfile.mkdtemp(prefix="disk"))
    folder.chmod(0o755)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        # A server that still holds a file there lets it go when it ends.
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
        folder.rmdir()


@contextmanager
def full(disk: Path) -> Iterator[None]:
    """Not a byte is left; afterwards there is room again."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as opened:
        try:
            while opened.write(b"x" * BLOCK):
                pass
        except OSError:
            pass
    try:
        yield
    finally:
        ballast.unlink()
