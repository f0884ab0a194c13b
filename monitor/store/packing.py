"""Several columns of whole numbers read as one: a Python object for each value is what reading many rows costs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import BigInteger, ColumnElement, cast

Packing = Sequence[tuple[Any, int]]
"""Columns, each with the number (of the form 2ⁿ) that its values, 0 or more, stay below; all n of them add up to 63 at
most."""


def packed(parts: Packing) -> ColumnElement[int]:
    """One number out of several; NULL when one of them is."""
    whole: ColumnElement[int] = cast(parts[0][0], BigInteger)
    for part, size in parts[1:]:
        whole = whole * size + cast(part, BigInteger)
    return whole


def unpacked(numbers: NDArray[np.int64], parts: Packing) -> list[NDArray[np.int64]]:
    columns = []
    for _, size in reversed(parts):
        columns.append(numbers % size)
        numbers = numbers // size
    return columns[::-1]


def as_array(rows: Sequence[Iterable[int]], width: int) -> NDArray[np.int64]:
    """(rows, width)."""
    return np.fromiter(chain.from_iterable(rows), np.int64, width * len(rows)).reshape(-1, width)
