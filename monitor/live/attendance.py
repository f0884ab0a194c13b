"""Stops measuring whom another dashboard of the same database has let go.

What a student or teacher decides is in the store at once, but the pictures arrive at the dashboard whose page has the
camera: a lesson that is ended, a seat that is taken over, paused, left or deleted elsewhere is noticed here. The page
of the camera would notice as well, as long as it runs; a tab that is asleep would go on sending.
"""

from __future__ import annotations

import logging
import threading

from monitor.domain import Shown
from monitor.errors import StoreError, UnknownCode
from monitor.live.classroom import Classroom
from monitor.live.room_camera import RoomCamera
from monitor.store.store import Store

log = logging.getLogger(__name__)
LOOK_EVERY_S = 1.0


def switch_off(cameras: dict[int, RoomCamera], room: Classroom, lesson_id: int) -> None:
    """No camera looks at the room of this lesson any more. May be called twice."""
    camera = cameras.pop(lesson_id, None)
    if camera is not None:
        camera.stop()
    room.close_rooms(lesson_id)


class Attendance:
    """One thread, which asks for all seats at once. While the database is away everybody keeps the seat."""

    def __init__(
        self, store: Store, room: Classroom, cameras: dict[int, RoomCamera], look_every_s: float = LOOK_EVERY_S
    ) -> None:
        """`cameras`: those that this server has opened, by lesson."""
        self._store, self._room, self._cameras, self._every = store, room, cameras, look_every_s
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        if self._thread is None:
            self._stop.clear()
            self._thread = threading.Thread(target=self._run, name="attendance", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """May be called twice."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def look(self) -> None:
        """Raises StoreError."""
        seats = self._room.seats
        if seats:
            for stream in seats.keys() - self._store.people.measured_streams(set(seats.values())):
                self._room.unseat(stream)
        for lesson_id in self._room.rooms_of:
            if not self._shows_faces(lesson_id):
                switch_off(self._cameras, self._room, lesson_id)

    def _shows_faces(self, lesson_id: int) -> bool:
        try:
            lesson = self._store.lessons.get(lesson_id)
        except UnknownCode:
            return False
        return lesson.running and lesson.shown is Shown.NAMES

    def _run(self) -> None:
        while not self._stop.wait(self._every):
            try:
                self.look()
            except StoreError as error:
                log.debug("attendance waits: %s", error)  # the recorder says it loud enough
            except Exception:
                log.exception("a look at who is here failed")
