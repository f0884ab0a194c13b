"""A training takes its next step in the memory of the last one, not in fresh pages of the system."""

from __future__ import annotations

from tests.fresh_process import needs_glibc, number_printed_by

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


@needs_glibc
def test_a_step_takes_no_fresh_pages() -> None:
    assert number_printed_by(STEPS) > OF_A_STEP / 2, "nothing is given back without it: it is not needed any more"
    assert number_printed_by(KEEPING + STEPS) < OF_A_STEP / 100
