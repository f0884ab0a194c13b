"""A chart that can be saved as a picture."""

from __future__ import annotations

from typing import Any

import streamlit as st

from monitor.words import _, later

ALT = {
    "mood": later("Mood over time"),
    "shares": later("Expression shares over time"),
    "bars": later("Expression shares of the whole lesson"),
    "markers": later("Before and after each marker"),
    "students-map": later("Mood of each student over time"),
}
"""What each chart shows, for who hears the page."""
CAMERA_PX = 30
"""The height above a chart in which the button finds room."""


def savable_chart(figure: Any, key: str, file_name: str, again: int = 0, **selection: Any) -> Any:
    """plotly's camera is its only button; the picture is called `<file_name>-<key>.png`.

    Another number `again` makes another chart of it, on which nothing is chosen.
    `selection` are arguments of `st.plotly_chart` for a chart that can be clicked; gives what that gives.

    The chart is given the page's colour: a picture that is saved of a dark page would else have light words on white.
    """
    figure.update_layout(paper_bgcolor=_paper(), modebar={"bgcolor": "rgba(0,0,0,0)", "color": "#8A8A8A"})
    figure.update_layout(margin={"t": max(CAMERA_PX, figure.layout.margin.t or 0)})
    picture = {"format": "png", "scale": 2, "filename": f"{file_name}-{key}"}
    buttons = {"displayModeBar": True, "displaylogo": False, "modeBarButtons": [["toImage"]]}
    config = {**buttons, "toImageButtonOptions": picture}
    key_now = f"{key}-{again}" if again else key
    return st.plotly_chart(figure, key=key_now, config=config, alt=_(ALT[key]), **selection)


def _paper() -> str:
    theme = st.context.theme.type or "light"
    return str(st.get_option(f"theme.{theme}.backgroundColor") or "rgba(0,0,0,0)")
