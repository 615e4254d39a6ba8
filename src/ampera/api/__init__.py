"""What machines may ask: the endpoints of the post, and the machine interface of the stations."""

from __future__ import annotations
