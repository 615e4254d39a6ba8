"""Telling a full disk from a defect: it is cured by an administrator, not by a programmer.

Whoever met it lost nothing, for everything that happens here happens in one transaction. So it is
told as a refusal, with what to do, and not as a number of something broken.
"""

from __future__ import annotations

import errno
from typing import Final

#: No room, quota used up, file as long as this process may make one.
_NO_ROOM: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
#: SQLITE_FULL (sqlite.org/rescode.html), and PostgreSQL's `disk_full` (appendix A, class 53).
_SQLITE_FULL: Final = 13
_POSTGRES_FULL: Final = "53100"


def is_disk_full(error: BaseException | None) -> bool:
    """Was this error, or what it came from, a medium without room?"""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            return True
        if getattr(error, "sqlite_errorcode", None) == _SQLITE_FULL:
            return True
        if getattr(error, "sqlstate", None) == _POSTGRES_FULL:
            return True
        error = error.__cause__ or error.__context__
    return False
