"""What the browser says of itself."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st
from streamlit.components import v2

JS = """
export default function ({ setStateValue }) {
  const ask = async () => {
    const devices = navigator.mediaDevices;
    const allowed = await navigator.permissions?.query({ name: "camera" }).then((found) => found.state, () => null);
    const all = await devices?.enumerateDevices().catch(() => null);
    setStateValue("facts", {
      secure: window.isSecureContext,
      sends: Boolean(window.RTCPeerConnection),
      permission: allowed ?? null,
      cameras: all?.filter((one) => one.kind === "videoinput").length ?? null,
    });
  };
  ask();
}
"""

_facts = v2.component("browser_facts", js=JS)


@dataclass(frozen=True)
class BrowserFacts:
    """`permission`: granted, denied, prompt, or None where the browser does not tell; likewise `cameras`."""

    secure: bool
    sends: bool
    permission: str | None
    cameras: int | None


def is_a_phone() -> bool:
    """By what the browser calls itself: every phone's says "Mobi", and a server hears nothing of a page's width."""
    return "Mobi" in st.context.headers.get("User-Agent", "")


def browser_facts() -> BrowserFacts | None:
    """None in the first run of a page, before the browser has answered."""
    told = _facts(key="browser_facts", on_facts_change=lambda: None).get("facts")
    if told is None:
        return None
    return BrowserFacts(bool(told["secure"]), bool(told["sends"]), told["permission"], told["cameras"])
