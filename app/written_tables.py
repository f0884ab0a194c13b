"""Tables whose numbers are sorted as numbers and written with the marks of the reader's language.

A number format of Streamlit's columns knows the point alone; what pandas has written out is shown as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

import pandas as pd
from pandas.io.formats.style import Styler

from app.palette import LOOKS
from monitor.insight import written

Row = Mapping[str, object]
Write = Callable[[float], str]


def written_table(rows: Iterable[Row], writers: Mapping[str, Write]) -> Styler:
    """`writers`: how the numbers of a column are written; one that there is none of is a dash."""
    frame = pd.DataFrame(rows)
    held = {name: write for name, write in writers.items() if name in frame.columns}
    numbers = frame.astype(dict.fromkeys(held, float))
    return numbers.style.format(held, na_rep=written.NOTHING)


def shares_writers() -> dict[str, Write]:
    """Of the seven expressions, a column each."""
    return {look.label: written.percent for look in LOOKS.values()}
