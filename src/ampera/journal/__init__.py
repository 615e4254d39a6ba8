"""The journal: what happened, for ever, in chains that only their owner writes.

All that happens is an entry; the tables that screens read are projections of entries and can be
rebuilt.
"""

from __future__ import annotations
