"""This process's own copy of the index: where it comes from, and how it follows the table.

It is unpacked from the newest snapshot and then follows the change log. Where there is no snapshot
that is any good, it is read from the table, the newest models first and some at each request, so
that there is an answer meanwhile.
"""

import threading
import time
from datetime import UTC, datetime
from typing import Any

from nexus.logs import function_logger
from nexus.search import snapshots
from nexus.search.building import AT_ONCE, Position, read_some, settle
from nexus.search.changes import Changes
from nexus.search.folder import Folder
from nexus.search.index import Index
from nexus.search.service import entries_as_they_are
from nexus.search.snapshots import Broken
from nexus.table.changes import LATE, ChangeItem, LogUnreadable, changes_between, log_broken
from nexus.table.items import Start
from nexus.table.users import UserItem

POLL_SECONDS = 1.0
"""How long an answer may rest on what was known before. Those who signed in never wait for it."""
READING_SECONDS = 1.5
"""How long a request may go on reading the table for a copy that has no snapshot."""

logger = function_logger()


class Copy:
    """`source` is the name of the snapshot it began with; `None` where the table is read."""

    def __init__(
        self, folder: Folder, index: Index, position: Position, source: str | None = None
    ) -> None:
        self.folder = folder
        self.index = index
        self.source = source
        self._began = self._since = position.moment
        self._followed: dict[str, dict[str, Any] | None] = dict.fromkeys(position.lines)
        self._polled = -POLL_SECONDS
        self._announced: dict[int, int] = {}
        self._start: Start = None
        self._all_read = self._complete = source is not None

    def catch_up(self, viewer: UserItem | None) -> str | None:
        """Bring the copy up to date, for a viewer up to this moment.

        Tells the name of a newer snapshot, if there is one.
        """
        if not self._complete:
            self._read_on()
        if viewer is None and time.monotonic() - self._polled < POLL_SECONDS:
            return None
        changes = Changes(self.index, self._announced)
        until = datetime.now(UTC)
        lines = self._lines(until)
        for line in lines or ():
            known = self._followed.get(line.sk, {})
            if known is not None and known != line.attribute_values:
                changes.follow(line)
        if viewer is not None:
            self._look_at_own(viewer, changes)
        changes.make()
        # Only now: what broke off on the way is followed again.
        self._announced, self._polled = changes.announced, time.monotonic()
        if lines is not None:
            self._followed = {line.sk: line.attribute_values for line in lines}
            self._since = until
        return changes.snapshot if changes.snapshot != self.source else None

    def _lines(self, until: datetime) -> list[ChangeItem] | None:
        """Those since the last time and a little before; `None` where they cannot be read."""
        try:
            return changes_between(self._since - LATE, until)
        except LogUnreadable:
            logger.warning("the change log could not be read", exc_info=True)
            return None

    def _look_at_own(self, viewer: UserItem, changes: Changes) -> None:
        """What the viewer has just changed, or is theirs, is shown before the log tells of it."""
        own = [
            model_id
            for model_id, creator_id in changes.announced.items()
            if viewer.is_admin or creator_id == viewer.id
        ][:AT_ONCE]
        now = {entry.card["id"]: entry for entry in entries_as_they_are(own)} if own else {}
        for model_id in own:
            changes.set(model_id, now.get(model_id))

    def _read_on(self) -> None:
        """Go on reading the table, for a while; what changed meanwhile is read again at the end."""
        until = time.monotonic() + READING_SECONDS
        while not self._all_read:
            self._start = read_some(self.index, self._start)
            self._all_read = self._start is None
            if time.monotonic() > until:
                break
        self.index.commit()
        if self._all_read:
            self._settle()

    def _settle(self) -> None:
        try:
            position = settle(self.index, self._began)
        except LogUnreadable:
            logger.warning("the change log could not be read", exc_info=True)
            return
        self._since, self._followed = position.moment, dict.fromkeys(position.lines)
        self.index.learn_words()
        self._complete = True


_lock = threading.Lock()
_copies: list[Copy] = []


def current(viewer: UserItem | None = None) -> Index:
    """The index as it is now; to someone who signed in it shows what they have just changed."""
    with _lock:
        if not _copies:
            _copies.append(_from_newest() or _from_table())
        newer = _copies[0].catch_up(viewer)
        if newer and (copy := _from_newest()):
            forget()
            _copies.append(copy)
            copy.catch_up(viewer)
        return _copies[0].index


def forget() -> None:
    """Drop the copy of this process; the next question begins with a new one."""
    for copy in _copies:
        copy.folder.leave()
    _copies.clear()


def _from_newest() -> Copy | None:
    folder = Folder()
    try:
        snapshot = snapshots.newest()
        if snapshot is not None:
            index = snapshots.unpack(snapshot, folder.path)
            return Copy(folder, index, snapshot.position, snapshot.key)
    except Broken as problem:
        logger.warning("a snapshot is broken", reason=str(problem))
        log_broken(str(problem))
    folder.leave()
    return None


def _from_table() -> Copy:
    folder = Folder()
    return Copy(folder, Index(folder.path), Position(datetime.now(UTC)))
