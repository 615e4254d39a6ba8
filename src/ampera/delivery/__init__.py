"""The delivery station: custody of finished cards until they are in the right person's hand."""

from __future__ import annotations
