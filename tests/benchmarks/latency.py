"""From a change of face in the stream to the teacher's page.

`python -m tests.benchmarks.latency --changes 30`. The film shows a face and an empty room in turn. The student's page
notes when its camera's picture changes, the teacher's when the tile does; both read the clock of this machine.
"""

from __future__ import annotations

import argparse
import itertools
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.benchmarks.stage import say, spread, stage
from tests.browser import camera

# Seconds of face, room, face, …: no two changes fall on the same part of a second.
PARTS_S = (4.3, 5.1, 6.7, 4.9, 5.5, 6.1, 4.7, 5.9, 6.3, 5.3)
BRIGHT = 195  # mean grey value: the empty room's is 212, a face's about 160

# In the camera's frame, before START: notes when the picture of the very track that is sent changes.
WATCH_CAMERA = f"""() => {{
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  const pixels = new OffscreenCanvas(16, 12).getContext("2d", {{willReadFrequently: true}});
  const brightness = (frame) => {{
    pixels.drawImage(frame, 0, 0, 16, 12);
    const data = pixels.getImageData(0, 0, 16, 12).data;
    return data.reduce((sum, value, place) => sum + (place % 4 === 1 ? value : 0), 0) / 192;
  }};
  const watch = async (track) => {{
    const reader = new MediaStreamTrackProcessor({{track}}).readable.getReader();
    for (let last = null; ;) {{
      const {{value: frame, done}} = await reader.read();
      if (done) return;
      const at = Date.now(), face = brightness(frame) < {BRIGHT};
      frame.close();
      if (last !== null && face !== last) window.top.changes.push([at / 1000, face]);
      last = face;
    }}
  }};
  window.top.changes = [];
  navigator.mediaDevices.getUserMedia = async (wanted) => {{
    const stream = await open(wanted);
    window.top.changes.length = 0;
    stream.getVideoTracks().forEach((track) => watch(track.clone()));
    return stream;
  }};
}}"""

WATCH_TILE = """() => {
  window.changes = [];
  let last = null;
  new MutationObserver(() => requestAnimationFrame(() => {
    const tile = document.querySelector(".tile");
    if (!tile || tile.dataset.seen === last) return;
    last = tile.dataset.seen;
    window.changes.push([Date.now() / 1000, last === "face"]);
  })).observe(document, {subtree: true, childList: true, attributes: true, attributeFilter: ["data-seen"]});
}"""


@dataclass(frozen=True)
class Change:
    """Seconds since 1970, and whether there is a face from then on."""

    at: float
    face: bool


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--changes", type=int, default=30)
    wanted = parser.parse_args()
    with stage() as on, on.browser(_film()) as laptop, on.browser() as desk:
        student, teacher = on.student(laptop, "Ada"), on.teacher(desk)
        student.start_button.evaluate(WATCH_CAMERA)
        teacher.page.evaluate(WATCH_TILE)
        student.start_camera()
        while len(happened := student.page.evaluate("window.changes")) < wanted.changes + 2:
            time.sleep(0.5)
        seen = teacher.page.evaluate("window.changes")
    # The first belongs to the connecting; of the last the teacher has not been told yet.
    changes = [Change(*each) for each in happened][1 : wanted.changes + 2]
    took = delays(changes, [Change(*each) for each in seen])
    say(
        benchmark="latency",
        changes=len(took),
        missed=sum(delay is None for _, delay in took),
        seconds=spread(delay for _, delay in took if delay is not None),
        face_comes=spread(delay for face, delay in took if delay is not None and face),
        face_goes=spread(delay for face, delay in took if delay is not None and not face),
    )


def delays(changes: Sequence[Change], seen: Sequence[Change]) -> list[tuple[bool, float | None]]:
    """Of each change but the last: which it was, and the seconds until the page showed it before the next one."""
    found = []
    for change, after in itertools.pairwise(changes):
        shown = [one.at for one in seen if change.at <= one.at < after.at and one.face == change.face]
        found.append((change.face, shown[0] - change.at if shown else None))
    return found


def _film() -> Iterator[camera.Picture]:
    for place, seconds in enumerate(PARTS_S):
        yield from camera.the_astronaut(seconds) if place % 2 == 0 else camera.nobody(seconds)


if __name__ == "__main__":
    main()
