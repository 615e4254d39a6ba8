"""Messages as files in a folder: for the demo, and for an office that sends them by hand."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from ampera.delivery.ports import Message, Unreachable

_MODE = 0o600


class FileMessenger:
    """One file a message, named after its key: a second one under that key changes nothing."""

    knows_keys = True
    channels = frozenset({"email", "phone"})

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, message: Message) -> None:
        """Written whole and under its name at last. Raises Unreachable when it cannot be kept."""
        name = hashlib.sha256(message.key.encode()).hexdigest()[:32]
        target = self._folder / f"{name}.json"
        told = {
            "key": message.key,
            "channel": message.channel,
            "to": message.address,
            "subject": message.subject,
            "text": message.text,
        }
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if target.exists():
                return
            part = target.with_suffix(".part")
            with os.fdopen(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, _MODE), "w") as out:
                json.dump(told, out, ensure_ascii=False, indent=1)
                out.flush()
                os.fsync(out.fileno())
            part.replace(target)
        except OSError as error:
            raise Unreachable("the folder of messages cannot be written") from error
