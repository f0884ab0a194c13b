"""The networks: what their papers claim, what was measured here, and a picture to try the one that watches."""

import pandas as pd
import streamlit as st

from app import resources
from app.model_charts import Mark, confusion, networks_scatter
from app.picture_view import try_a_picture
from model_zoo.catalogue import Entry
from model_zoo.measuring.results import Result

WATCHES = "classroom"


def in_percent(result: Result | None) -> str:
    if result is None:
        return "not yet"
    low, high = result.evaluation.interval95
    return f"{result.evaluation.accuracy:.1%} ({low:.1%} to {high:.1%})"


def row(entry: Entry, result: Result | None) -> dict[str, object]:
    return {
        "network": entry.name + (" 👁" if entry.name == WATCHES else ""),
        "claimed": "–" if entry.claim is None else f"{entry.claim:g}%",
        "measured on PublicTest (95 %)": in_percent(result),
        "top two": "" if result is None else f"{result.evaluation.top2_accuracy:.1%}",
        "macro-F1": "" if result is None else f"{result.evaluation.macro_f1:.1%}",
        "calibration error": "" if result is None else f"{result.evaluation.ece:.3f}",
        "parameters": entry.parameters,
        "input": " x ".join(map(str, entry.input_shape)),
        "paper": entry.paper,
    }


def mark(entry: Entry, result: Result | None) -> Mark:
    claim = None if entry.claim is None else entry.claim / 100
    if result is None:
        return Mark(entry.name, entry.parameters, claim)
    return Mark(entry.name, entry.parameters, claim, result.evaluation.accuracy, result.evaluation.interval95)


known, measured = resources.catalogue()
st.title("Models")
trying, every, one = st.tabs(["Try a picture", "All networks", "One network"])
with trying:
    try_a_picture()
with every:
    st.caption(
        "A paper's claim and our measurement are seldom of the same pictures: read them side by side, not as a race. "
        f"👁 watches the class. Measured so far: {len(measured)} of {len(known)}."
    )
    st.plotly_chart(networks_scatter([mark(entry, measured.get(entry.name)) for entry in known]), key="scatter")
    st.dataframe(
        pd.DataFrame(row(entry, measured.get(entry.name)) for entry in known),
        hide_index=True,
        column_config={"parameters": st.column_config.NumberColumn(format="localized")},
    )
with one:
    if not measured:
        st.info("Nothing is measured yet: `python -m model_zoo evaluate NAME --data PATH --save` does it.", icon="📏")
        st.stop()
    chosen = st.selectbox("Network", sorted(measured))
    scores = measured[chosen].evaluation
    figures = st.columns(4)
    figures[0].metric("Accuracy", f"{scores.accuracy:.1%}", help=f"95 %: {in_percent(measured[chosen])}")
    figures[1].metric("Right with one of two", f"{scores.top2_accuracy:.1%}")
    figures[2].metric("Macro-F1", f"{scores.macro_f1:.1%}")
    figures[3].metric("Calibration error", f"{scores.ece:.3f}")
    st.plotly_chart(confusion(scores.confusion), key="confusion")
    of = measured[chosen]
    st.caption(
        f"{scores.n} pictures of {of.data_set} {of.split}. A row is a label, a column what it was named; the bluer, "
        "the larger its part of the row."
    )
    st.dataframe(
        pd.DataFrame(
            {
                "label": label,
                "pictures": score.count,
                "recall": f"{score.recall:.1%}",
                "precision": f"{score.precision:.1%}",
                "F1": f"{score.f1:.1%}",
            }
            for label, score in scores.per_label.items()
        ),
        hide_index=True,
    )
