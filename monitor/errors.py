"""What can go wrong, drawn as a tree. Every message says what was wrong, what came and what is allowed.

MonitorError
├── SettingsError        a setting, or a file that a setting names
├── DetectorError        face detection cannot start
├── ClassifierError      the network cannot start or does not fit its card
│   └── ClusterError         machines that score together cannot be reached, or do not fit
├── PictureError         a file that a person gave is no picture, or too large
├── VideoError           a file that a person gave is no video that can be analysed
├── CameraError          an address that is no camera's
├── StoreError           the database
│   ├── StoreUnavailable     locked, full or gone: worth another try
│   └── BackupError          a backup that cannot be made, or a file that is none
├── ExportError          a file of a report that was not made
├── AuditError           an entry that the audit log does not take, or a head that is none
├── AccountError         who may come in
│   ├── InvalidAccount       a name or role that cannot be, or is taken
│   ├── WeakPassword         a new password that is soon guessed
│   ├── WrongPassword        name and password do not belong together
│   ├── InvalidLink          an invitation that was used, is too old or never was
│   ├── NotSignedIn          the school's own sign-in says no, or nothing that can be believed
│   └── NoStatement          nobody has said yet where and for what this installation is used
└── LessonError          something a person asked for
    ├── UnknownClass         no class has this number
    ├── UnknownCode          no running lesson has this join code
    ├── LessonOver           the lesson has ended
    ├── NameInUse            another device measures under this name
    ├── TooManyTries         wrong codes or passwords came too quickly
    ├── NotStricter          a lesson that should show more than its students were told
    ├── NotYours             what belongs to somebody else, or does not exist: which of both is not told
    ├── UnknownFace          a face of the room camera that is no longer followed
    ├── InvalidName          an empty, too long or repeated name
    │   └── NoGuests             not a name of the list, and guests may not join
    ├── GuardianNeeded       a student of whom no guardian's consent is noted
    ├── NotAgreed            a student who does not want to be measured just now
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


class ClusterError(ClassifierError):
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


class ExportError(MonitorError):
    pass


class AuditError(MonitorError):
    pass


class AccountError(MonitorError):
    pass


class InvalidAccount(AccountError):  # noqa: N818
    pass


class WeakPassword(AccountError):  # noqa: N818
    pass


class WrongPassword(AccountError):  # noqa: N818
    pass


class InvalidLink(AccountError):  # noqa: N818
    pass


class NotSignedIn(AccountError):  # noqa: N818
    """By the school's own sign-in. `status`: of HTTP."""

    def __init__(self, message: str, status: int = 403) -> None:
        super().__init__(message)
        self.status = status


class NoStatement(AccountError):  # noqa: N818
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


class NotAgreed(LessonError):  # noqa: N818
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


class NotYours(UnknownCode, UnknownClass):
    pass
