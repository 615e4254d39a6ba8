"""The second driver: residents and officers of a running city, played over HTTP.

`visits.py` says what residents do and is pure; everything else acts on it as clients of the machine
interface do. What has happened stands in the servers; a driver that is killed and started again
begins from what they say.
"""

from __future__ import annotations
