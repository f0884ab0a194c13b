"""The networks: what their papers claim, what was measured here, and a picture to try the one that watches."""

import pandas as pd
import streamlit as st

from app import resources
from app.browser_facts import is_a_phone
from app.label_places import LAPTOP, PHONE
from app.model_card_view import model_card
from app.model_charts import Mark, confusion, networks_scatter
from app.palette import LOOKS
from app.picture_view import try_a_picture
from app.written_tables import written_table
from model_zoo.catalogue import Entry
from model_zoo.emotions import Emotion
from model_zoo.measuring.results import Result
from monitor.words import _, number, percent

WATCHES = "classroom"


def in_percent(result: Result | None) -> str:
    if result is None:
        return _("not yet")
    low, high = (percent(bound, 1) for bound in result.evaluation.interval95)
    of = percent(result.evaluation.accuracy, 1)
    return _("{accuracy} ({low} to {high})").format(accuracy=of, low=low, high=high)


def row(entry: Entry, result: Result | None) -> dict[str, object]:
    return {
        _("network"): entry.name + (" 👁" if entry.name == WATCHES else ""),
        _("claimed"): "–" if entry.claim is None else percent(entry.claim / 100, decimals(entry.claim)),
        _("measured on PublicTest (95 %)"): in_percent(result),
        _("top two"): "" if result is None else percent(result.evaluation.top2_accuracy, 1),
        _("macro-F1"): "" if result is None else percent(result.evaluation.macro_f1, 1),
        _("calibration error"): "" if result is None else number(result.evaluation.ece, ".3f"),
        _("parameters"): entry.parameters,
        _("input"): " x ".join(map(str, entry.input_shape)),
        _("paper"): entry.paper,
    }


def decimals(claim: float) -> int:
    """How many a paper gives: two of 65.55, none of 63."""
    return len(f"{claim:g}".partition(".")[2])


def mark(entry: Entry, result: Result | None) -> Mark:
    claim = None if entry.claim is None else entry.claim / 100
    if result is None:
        return Mark(entry.name, entry.parameters, claim)
    return Mark(entry.name, entry.parameters, claim, result.evaluation.accuracy, result.evaluation.interval95)


known, measured = resources.catalogue()
st.title(_("Models"))
trying, every, one = st.tabs([_("Try a picture"), _("All networks"), _("One network")])
with trying:
    try_a_picture()
with every:
    st.caption(
        _(
            "A paper's claim and our measurement are seldom of the same pictures: read them side by side, not as a "
            "race. 👁 watches the class. Measured so far: {measured} of {all}."
        ).format(measured=sum(entry.name in measured for entry in known), all=len(known))
    )
    width = PHONE if is_a_phone() else LAPTOP
    scatter = networks_scatter([mark(entry, measured.get(entry.name)) for entry in known], width)
    st.plotly_chart(
        scatter, key="scatter", alt=_("Accuracy of each network over its size; the table below has the numbers")
    )
    st.dataframe(
        written_table(
            (row(entry, measured.get(entry.name)) for entry in known),
            {_("parameters"): lambda count: number(count, ",.0f")},
        ),
        hide_index=True,
    )
with one:
    if not measured:
        st.info(
            _("Nothing is measured yet: `python -m model_zoo evaluate NAME --data PATH --save` does it."), icon="📏"
        )
        st.stop()
    chosen = st.selectbox(_("Network"), sorted(measured))
    scores = measured[chosen].evaluation
    figures = st.columns(4)
    figures[0].metric(_("Accuracy"), percent(scores.accuracy, 1), help=f"95 %: {in_percent(measured[chosen])}")
    figures[1].metric(
        _("Right with one of two"),
        percent(scores.top2_accuracy, 1),
        help=_("The right label is one of the two that the network holds for likeliest."),
    )
    figures[2].metric(
        _("Macro-F1"),
        percent(scores.macro_f1, 1),
        help=_("The mean over the seven labels of what is found of a label and how much of it is right."),
    )
    figures[3].metric(
        _("Calibration error"),
        number(scores.ece, ".3f"),
        help=_("How far its probabilities are from how often it is right; 0 is best."),
    )
    st.plotly_chart(
        confusion(scores.confusion),
        key="confusion",
        alt=_("Which label was taken for which; recall stands in the table below"),
    )
    of = measured[chosen]
    st.caption(
        _(
            "{n} pictures of {source}. A row is a label, a column what it was named; the bluer, the larger its part "
            "of the row."
        ).format(n=scores.n, source=f"{of.data_set} {of.split}")
    )
    st.dataframe(
        pd.DataFrame(
            {
                _("label"): LOOKS[Emotion(label)].word,
                _("pictures"): score.count,
                _("recall"): percent(score.recall, 1),
                _("precision"): percent(score.precision, 1),
                "F1": percent(score.f1, 1),
            }
            for label, score in scores.per_label.items()
        ),
        hide_index=True,
    )
    model_card(chosen)
