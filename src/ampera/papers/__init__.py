"""What people hold in their hands: the card face, receipts, berita acara, portraits for demos.

Pure: data in, bytes out. No clock, no chance, no Django, no file written; the same input gives
the same bytes in every process, so that the SHA-256 of a print file can stand in the journal and
be checked.
"""

from __future__ import annotations
