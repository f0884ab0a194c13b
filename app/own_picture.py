"""The student's own picture, mirrored, and what the browser says when it gives no camera.

streamlit-webrtc shows no picture in a stream that only sends, and sending it back would have the server
encode every frame again. So this piece of the page asks the camera's frame (same origin) for the very
stream it opened: one camera, opened once, shown locally. It never leaves the browser by this way.
"""

from __future__ import annotations

import streamlit as st
from streamlit.components import v2

SENTENCES = {
    "NotAllowedError": "The camera is blocked for this page. Click the camera or lock sign beside the address, choose "
    "“Allow”, then press START again. On an iPhone: aA → Website settings → Camera.",
    "NotFoundError": "No camera was found. Plug one in, or use another device, then press START again.",
    "NotReadableError": "Another program uses the camera. Close it (a video call, perhaps), then press START again.",
    "OverconstrainedError": "This camera cannot send the size that is asked for. Choose another camera.",
    "unsupported": "This browser gives no camera to this page: its address must begin with https://. "
    "Please ask your teacher for the https address.",
}

HTML = '<video autoplay muted playsinline aria-label="Your own picture"></video>'
CSS = """
video {width: 100%; max-height: 46vh; object-fit: cover; transform: scaleX(-1); border-radius: .6rem; display: none;
  background: #222;}
video.on {display: block;}
"""
JS = """
export default function ({ parentElement, setStateValue }) {
  const video = parentElement.querySelector("video");
  let problem = null;
  // Each call runs the page again, so only a change is told: connecting has enough to do.
  const tell = (name) => { if (name !== problem) setStateValue("problem", problem = name); };
  const show = (stream) => {
    video.srcObject = stream;
    video.classList.toggle("on", Boolean(stream));
    const track = stream && stream.getVideoTracks()[0];
    if (track) track.addEventListener("ended", () => { if (video.srcObject === stream) show(null); });
  };
  const watch = () => {
    const frame = document.querySelector('iframe[title*="webrtc_streamer"]');
    const inside = frame && frame.contentWindow;
    if (!inside || inside.ownPictureWatched || !inside.document.body) return;
    const devices = inside.navigator.mediaDevices;
    if (!devices) { tell("unsupported"); return; }
    inside.ownPictureWatched = true;
    const open = devices.getUserMedia.bind(devices);
    devices.getUserMedia = async (wanted) => {
      try {
        const stream = await open(wanted);
        // The frame asks once more to name the cameras; what counts is the stream that is kept.
        stream.getTracks().forEach((track) => {
          const stop = track.stop.bind(track);
          track.stop = () => { stop(); if (video.srcObject === stream) show(null); };
        });
        show(stream);
        tell(null);
        return stream;
      } catch (error) {
        tell(error.name);
        throw error;
      }
    };
  };
  watch();
  const timer = setInterval(watch, 200);
  return () => { clearInterval(timer); show(null); };
}
"""

_picture = v2.component("own_picture", html=HTML, css=CSS, js=JS)


def own_picture() -> None:
    """Shows the picture while a camera is on, and a sentence with a way out when there is none."""
    result = _picture(key="own_picture", on_problem_change=lambda: None)
    problem = result.get("problem")
    if problem:
        st.error(SENTENCES.get(problem, f"The camera cannot be opened ({problem}). Choose another one."), icon="📷")
