"""The post: carries the journal's chains between the tiers. Reads no entry's body.

Outbound only, from the lower server: it pushes the chains of its house and its children, and
pulls the chain written for it. Marks with hashes make every message harmless when it comes twice,
late or never.
"""

from __future__ import annotations
