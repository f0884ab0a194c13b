"""What can go wrong, drawn as a tree. Every message says what was wrong, what came and what is allowed.

MonitorError
├── SettingsError        a setting, or a file that a setting names
├── DetectorError        face detection cannot start
├── ClassifierError      the network cannot start or does not fit its card
├── PictureError         a file that a person gave is no picture, or too large
├── VideoError           a file that a person gave is no video that can be analysed
├── CameraError          an address that is no camera's
├── StoreError           the database
│   ├── StoreUnavailable     locked, full or gone: worth another try
│   └── BackupError          a backup that cannot be made, or a file that is none
├── AuditError           an entry that the audit log does not take, or a head that is none
└── LessonError          something a person asked for
    ├── UnknownClass         no class has this number
    ├── UnknownCode          no running lesson has this join code
    ├── LessonOver           the lesson has ended
    ├── NameInUse            another device measures under this name
    ├── TooManyTries         wrong codes came too quickly
    ├── NotStricter          a lesson that should show more than its students were told
    ├── UnknownFace          a face of the room camera that is no longer followed
    ├── InvalidName          an empty, too long or repeated name
    │   └── NoGuests             not a name of the list, and guests may not join
    ├── GuardianNeeded       a student of whom no guardian's consent is noted
    ├── RosterError          a file that is no list of names, or too large
    ├── InvalidMarker        a marker whose text or times cannot be
    ├── InvalidRule          a rule for alerts that cannot be
    └── InvalidRetention     a number of days for which nothing can be kept
"""

from __future__ import annotations


class MonitorError(Exception):
    """Anything the dashboard can explain to the person in front of it."""


class SettingsError(MonitorError):
    pass


class DetectorError(MonitorError):
    pass


class ClassifierError(MonitorError):
    pass


class PictureError(MonitorError):
    pass


class VideoError(MonitorError):
    pass


class CameraError(MonitorError):
    pass


class StoreError(MonitorError):
    pass


class StoreUnavailable(StoreError):  # noqa: N818 - a state, read as "the store is unavailable"
    pass


class BackupError(StoreError):
    pass


class AuditError(MonitorError):
    pass


class LessonError(MonitorError):
    pass


class UnknownCode(LessonError):  # noqa: N818 - named as a person would say it
    pass


class LessonOver(LessonError):  # noqa: N818
    pass


class NameInUse(LessonError):  # noqa: N818
    pass


class TooManyTries(LessonError):  # noqa: N818
    def __init__(self, message: str, wait_s: float) -> None:
        super().__init__(message)
        self.wait_s = wait_s


class InvalidName(LessonError):  # noqa: N818
    pass


class NoGuests(InvalidName):
    pass


class GuardianNeeded(LessonError):  # noqa: N818
    pass


class RosterError(LessonError):
    pass


class NotStricter(LessonError):  # noqa: N818
    pass


class UnknownFace(LessonError):  # noqa: N818
    pass


class UnknownClass(LessonError):  # noqa: N818
    pass


class InvalidMarker(LessonError):  # noqa: N818
    pass


class InvalidRule(LessonError):  # noqa: N818
    pass


class InvalidRetention(LessonError):  # noqa: N818
    pass
