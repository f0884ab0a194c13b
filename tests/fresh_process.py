"""A process of its own for what the C library is told once and for all."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
needs_glibc = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library keeps no such pools")


def number_printed_by(program: str) -> float:
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return float(done.stdout)
