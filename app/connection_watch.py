"""Says on the page itself that the server is no longer heard, which the server cannot, and finds back to it.

A way that is cut, or an address that changes, ends no connection for the browser: for minutes the page would show what
it last heard as if it were so. A page that refreshes itself hears from the server every other second, which shows in
the state of its script. After six seconds of silence it says so; where the server can be reached anew, but does not
answer on the old way within three more seconds, it is loaded again. A camera that was lost, rather than stopped by a
person, is started again by the same click on START.
"""

from __future__ import annotations

from streamlit.components import v2

from monitor.words import _

HTML = "<div hidden></div>"
CSS = """
div {position: fixed; z-index: 999990; left: 1rem; right: 1rem; bottom: 1rem; padding: .8rem 1rem; border-radius: .6rem;
  background: #D55E00; color: #fff; font-weight: 600; font-family: var(--st-font); box-shadow: 0 2px 12px #0006;}
div[hidden] {display: none;}
"""
JS = """
const SILENT = 6000, AGAIN = 10000, STUCK = 45000, ASLEEP = 3000, FRESH = 60000, LAST = 3000;
export default function ({ parentElement, data }) {
  const bar = parentElement.querySelector("div");
  bar.setAttribute("role", "alert"); // Streamlit takes it away where it stands in the HTML
  const app = document.querySelector('[data-testid="stApp"]');
  const state = "data-test-script-state";
  let heard = Date.now(), looked = heard, asking = false, left = false;
  // What the page has asked for is no answer.
  const answers = ["running", "notRunning"];
  const observer = new MutationObserver(() => { if (answers.includes(app.getAttribute(state))) heard = Date.now(); });
  observer.observe(app, { attributes: true, attributeFilter: [state] });
  const askAnew = async () => {
    asking = true;
    try {
      const answer = await fetch("/_stcore/health", { cache: "no-store", signal: AbortSignal.timeout(3000) });
      // A server that only hesitated answers here first: the page's own answer has to be made.
      if (answer.ok) await new Promise((done) => setTimeout(done, LAST));
      if (answer.ok && !left && Date.now() - heard > AGAIN) location.reload();
    } catch { /* not yet */ }
    asking = false;
  };
  const lost = () => sessionStorage.setItem("cameraLost", Date.now());
  const camera = () => {
    const frame = document.querySelector('iframe[title*="webrtc_streamer"]');
    return frame && frame.contentWindow && frame.contentWindow.document.body ? frame.contentWindow : null;
  };
  const follow = (inside) => {
    if (inside.connectionFollowed || !inside.RTCPeerConnection) return;
    inside.connectionFollowed = true;
    inside.RTCPeerConnection = class extends inside.RTCPeerConnection {
      constructor(...wanted) {
        super(...wanted);
        this.addEventListener("connectionstatechange", () => {
          if (["disconnected", "failed"].includes(this.connectionState)) lost();
          if (this.connectionState === "connected") sessionStorage.removeItem("cameraLost");
          inside.connectionOn = this.connectionState === "connected";
        });
      }
    };
  };
  let there = 0, clicked = 0;
  const startAgain = (inside, now) => {
    const since = Number(sessionStorage.getItem("cameraLost"));
    if (!since || heard < since || now - heard > ASLEEP) return;
    if (now - since > FRESH) { sessionStorage.removeItem("cameraLost"); return; }
    const button = [...inside.document.querySelectorAll("button")].find((one) => one.textContent.trim() === data.start);
    // A button that has only just been drawn takes no click yet; one that was clicked has time to connect.
    there = button && !button.disabled ? there + 1 : 0;
    if (there < 4 || now - clicked < AGAIN) return;
    clicked = now;
    button.click();
  };
  const look = () => {
    if (!bar.isConnected) { stop(); return; }
    const now = Date.now();
    // Timers of a page that nobody sees, or of a computer that slept, stand still: that is no silence.
    if (document.hidden || now - looked > ASLEEP) heard = now;
    looked = now;
    const silent = now - heard, inside = data.start ? camera() : null;
    bar.hidden = silent < SILENT;
    bar.textContent = data.told.replace("{n}", Math.round(silent / 1000));
    if (inside) { follow(inside); startAgain(inside, now); }
    const waits = app.getAttribute(state) === "running" && silent < STUCK;
    if (silent > AGAIN && !waits && !asking) {
      if (inside && inside.connectionOn) lost();
      askAnew();
    }
  };
  // One watch a page: this is called anew when the theme changes, and what it gave back before is forgotten.
  window.stopConnectionWatch?.();
  const timer = setInterval(look, 500);
  // The answer may come when the page has been left for one that is quiet for good reasons.
  const stop = () => { left = true; clearInterval(timer); observer.disconnect(); };
  window.stopConnectionWatch = stop;
  return stop;
}
"""

_watch = v2.component("connection_watch", html=HTML, css=CSS, js=JS)


def watch_connection(camera: bool = False) -> None:
    """Once on a page that refreshes itself. `camera`: there is one of streamlit-webrtc on it, of a student who agreed
    and has not paused, which is started again once it was lost."""
    told = (
        _("No connection to the server for {n} seconds: nothing is measured. It is tried again by itself.")
        if camera
        else _("No connection to the server for {n} seconds: what stands here is old. It is tried again by itself.")
    )
    _watch(key="connection_watch", data={"told": told, "start": _("START") if camera else ""})
