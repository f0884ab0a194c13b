"""A training takes its next step in the memory of the last one, not in fresh pages of the system."""

from __future__ import annotations

import platform
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STEPS = """
import resource
import numpy as np

def step():
    layers = [np.ones(3 * 2**20, np.uint8) for _ in range(20)]

def fresh_pages():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

for _ in range(3):
    step()
before = fresh_pages()
for _ in range(10):
    step()
print((fresh_pages() - before) / 10)
"""
OF_A_STEP = 20 * 3 * 2**20 // 4096
KEEPING = """
from model_zoo.commands.terminal import load_keras
load_keras(to_train=True)
"""


def pages_of_a_step(program: str) -> float:
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return float(done.stdout)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library keeps no such pools")
def test_a_step_takes_no_fresh_pages() -> None:
    assert pages_of_a_step(STEPS) > OF_A_STEP / 2, "nothing is given back without it: it is not needed any more"
    assert pages_of_a_step(KEEPING + STEPS) < OF_A_STEP / 100
