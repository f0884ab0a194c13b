"""The student's own picture, mirrored, and what the browser says when it gives no camera.

streamlit-webrtc shows no picture in a stream that only sends, and sending it back would have the server
encode every frame again. So this piece of the page asks the camera's frame (same origin) for the very
stream it opened: one camera, opened once, shown locally. It never leaves the browser by this way.

A check of the connection asks for more: how the way to the server is found, and, where there is no camera,
a test picture in its place, so that the way can be tried all the same.
"""

from __future__ import annotations

import streamlit as st
from streamlit.components import v2

from monitor.words import _, later

SENTENCES = {
    "NotAllowedError": later(
        "The camera is blocked for this page. Click the camera or lock sign beside the address, choose “Allow”, then "
        "press START again. On an iPhone: aA → Website settings → Camera."
    ),
    "NotFoundError": later("No camera was found. Plug one in, or use another device, then press START again."),
    "NotReadableError": later(
        "Another program uses the camera. Close it (a video call, perhaps), then press START again."
    ),
    "OverconstrainedError": later("This camera cannot send the size that is asked for. Choose another camera."),
    "unsupported": later(
        "This browser gives no camera to this page: its address must begin with https://. "
        "Please ask your teacher for the https address."
    ),
}

HTML = "<video autoplay muted playsinline></video>"
CSS = """
video {width: 100%; max-height: 46vh; object-fit: cover; transform: scaleX(-1); border-radius: .6rem; display: none;
  background: #222;}
video.on {display: block;}
"""
JS = """
export default function ({ parentElement, setStateValue, data }) {
  const video = parentElement.querySelector("video");
  video.setAttribute("aria-label", data.label);
  let problem = null;
  // Each call runs the page again, so only a change is told: connecting has enough to do.
  const tell = (name) => { if (name !== problem) setStateValue("problem", problem = name); };
  let way = null;
  const tellWay = (state) => { if (data.check && state !== way) setStateValue("way", way = state); };
  const follow = (inside) => {
    const Connection = inside.RTCPeerConnection;
    if (!Connection) return;
    inside.RTCPeerConnection = class extends Connection {
      constructor(...wanted) {
        super(...wanted);
        let candidates = 0;
        tellWay("new");
        this.addEventListener("icecandidate", ({ candidate }) => {
          if (candidate && candidate.candidate) candidates += 1;
          else if (!candidate && !candidates) tellWay("none");
        });
        this.addEventListener("iceconnectionstatechange", () => tellWay(this.iceConnectionState));
      }
    };
  };
  const testPicture = () => {
    const canvas = document.createElement("canvas");
    canvas.width = 320; canvas.height = 240;
    const pen = canvas.getContext("2d");
    let turn = 0;
    const timer = setInterval(() => {
      pen.fillStyle = `hsl(${turn = (turn + 20) % 360}, 70%, 60%)`;
      pen.fillRect(0, 0, 320, 240);
    }, 200);
    const stream = canvas.captureStream(5);
    const [track] = stream.getTracks();
    const stop = track.stop.bind(track);
    track.stop = () => { clearInterval(timer); stop(); };
    return stream;
  };
  const show = (stream) => {
    if (video.srcObject !== stream) video.srcObject = stream;
    video.classList.toggle("on", Boolean(stream));
    const track = stream && stream.getVideoTracks()[0];
    if (track) track.addEventListener("ended", () => { if (video.srcObject === stream) show(null); });
  };
  const watch = () => {
    if (!video.isConnected) { clearInterval(timer); return; }
    const frame = document.querySelector('iframe[title*="webrtc_streamer"]');
    const inside = frame && frame.contentWindow;
    if (!inside || !inside.document.body) return;
    const before = inside.ownPicture;
    if (before) {
      if (before.show !== show) { Object.assign(before, { show, tell }); show(before.stream); }
      return;
    }
    const devices = inside.navigator.mediaDevices;
    if (!devices) { tell("unsupported"); return; }
    const own = inside.ownPicture = { show, tell, stream: null };
    if (data.check) follow(inside);
    const open = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async (wanted) => {
      try {
        const stream = await open(wanted);
        // The frame asks once more to name the cameras; what counts is the stream that is kept.
        stream.getTracks().forEach((track) => {
          const stop = track.stop.bind(track);
          track.stop = () => { stop(); if (own.stream === stream) own.show(own.stream = null); };
        });
        own.show(own.stream = stream);
        own.tell(null);
        return stream;
      } catch (error) {
        own.tell(error.name);
        if (data.check) return testPicture();
        throw error;
      }
    };
  };
  // All of this is called anew when the theme changes, while the camera goes on, and what was given back before may
  // be called, late or never.
  video.stopWatch?.();
  const timer = setInterval(watch, 200), stop = () => clearInterval(timer);
  video.stopWatch = stop;
  watch();
  return () => { stop(); if (video.stopWatch === stop) show(null); };
}
"""

_picture = v2.component("own_picture", html=HTML, css=CSS, js=JS)


def own_picture() -> None:
    """Shows the picture while a camera is on, and a sentence with a way out when there is none."""
    result = _picture(key="own_picture", data={"label": _("Your own picture")}, on_problem_change=lambda: None)
    problem = result.get("problem")
    if problem:
        st.error(told(problem), icon="📷")


def checked_picture(turn: int) -> tuple[str | None, str | None]:
    """Shows it likewise. Gives what the browser calls the camera's problem, and the state of the way to the server.

    The way is one of RTCPeerConnection.iceConnectionState, or `none` when the browser offers no address at all.
    Another `turn` has forgotten the last one's.
    """
    result = _picture(
        key=f"checked_picture_{turn}",
        data={"label": _("Your own picture"), "check": True},
        on_problem_change=lambda: None,
        on_way_change=lambda: None,
    )
    return result.get("problem"), result.get("way")


def told(problem: str) -> str:
    """`problem`: the browser's name of it, such as `NotAllowedError`."""
    if problem in SENTENCES:
        return _(SENTENCES[problem])
    return _("The camera cannot be opened ({problem}). Choose another one.").format(problem=problem)
