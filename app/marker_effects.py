"""Before and after each marker: the figures of the leaf Markers, and of a student's own page."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

import pandas as pd
import streamlit as st

from app.chart_view import savable_chart
from app.palette import LOOKS
from app.report_charts import change_words, effects_chart
from monitor.insight import formulas
from monitor.insight.bootstrap import Estimate
from monitor.insight.effects import SIDE_S, Effect
from monitor.insight.mood import signed
from monitor.words import _, percent


def marker_effects(found: Sequence[Effect], zone: tzinfo, file_name: str, alone: bool = False) -> None:
    """`alone`: of one student, whose page says who that is. The chart is saved as `<file_name>-markers.png`."""
    st.markdown(f"**{_('Before and after each marker')}**", help=formulas.before_and_after())
    if not found:
        st.caption(_("No marker lies in what was measured. With one, the mood before and after it stands here."))
        return
    if any(one.change for one in found):
        savable_chart(effects_chart(found, zone), "markers", file_name)
    table = pd.DataFrame(_row(one, zone) for one in found)
    if alone:
        table = table.drop(columns=_("students"))
    st.dataframe(table, hide_index=True, key="effects-table")
    st.caption(
        _(
            "Up to {minutes} minutes on each side, the same students on both. Seconds are not independent of one "
            "another, so the 95 % intervals in brackets come from half-minutes drawn again (block bootstrap); a side "
            "under 2 minutes has none. What came after a marker need not have come from it."
        ).format(minutes=SIDE_S // 60)
    )


def _row(one: Effect, zone: tzinfo) -> dict[str, object]:
    return {
        _("time"): f"{one.marker.at.astimezone(zone):%H:%M:%S}",
        _("marker"): one.marker.words + (" " + _("(left out)") if one.marker.left_out else ""),
        _("before"): _words(one.before),
        _("after"): _words(one.after),
        _("change (95 %)"): _("too short") if one.change is None else change_words(one.change),
        _("expression that changed most"): _moved(one),
        _("students"): one.students,
        _("seconds"): f"{one.before_s} + {one.after_s}",
    }


def _words(estimate: Estimate | None) -> str:
    return "–" if estimate is None else signed(estimate.value)


def _moved(one: Effect) -> str:
    """`😀 happy 41 → 23 %`."""
    before, after = one.shares_before, one.shares_after
    if before is None or after is None:
        return "–"
    most = max(before, key=lambda emotion: abs(after[emotion] - before[emotion]))
    return f"{LOOKS[most].label} {percent(before[most])} → {percent(after[most])}"
