"""The part of the check that changes while pictures arrive, and the way to it."""

from __future__ import annotations

from dataclasses import dataclass, field

import streamlit as st

from app.browser_facts import BrowserFacts
from app.checkup import ENOUGH, Arrivals, Verdict, findings
from app.guard import guarded
from monitor.words import _


@dataclass
class Trial:
    """One turn of the check. `over`: enough pictures came; `stopping`: the camera is being switched off for it."""

    turn: int = 0
    arrivals: Arrivals = field(default_factory=Arrivals)
    over: bool = False
    stopping: bool = False


@st.fragment(run_every=1.0)
def results(trial: Trial, facts: BrowserFacts | None, problem: str | None, way: str | None) -> None:
    with guarded():
        arrived = trial.arrivals.now
        if arrived.frames >= ENOUGH and not trial.over:
            trial.over = trial.stopping = True
            st.rerun(scope="app")  # enough is known: the camera is switched off
        lines = findings(facts, problem, way, arrived)
        verdicts = {line.verdict for line in lines}
        if Verdict.BAD in verdicts:
            st.error(_("Something is not right yet. Below stands what to do."), icon="🛠️")
        elif verdicts == {Verdict.GOOD}:
            st.success(_("All is well: you can take part."), icon="👍")
        for line in lines:
            st.markdown(f"{line.verdict.value} **{line.title}:** {line.sentence}")


def offer_check() -> None:
    """Leads to the check; the address keeps the lesson, so that one comes back."""
    st.button(_("Check camera and connection"), icon=":material/network_check:", type="tertiary", on_click=_to_check)


def _to_check() -> None:
    st.query_params["check"] = "1"
