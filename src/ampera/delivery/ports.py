"""What delivery asks of the place where print packets lie."""

from __future__ import annotations

from typing import Protocol


class PrintPackets(Protocol):
    """The sealed print packets of this office:

    Printed fields, portrait and signature of its lot.
    """

    def delete(self, permit: str) -> None:
        """Delete the packet of this permit for good. Nothing happens when there is none.

        Raises OSError when it could not be deleted; it will be asked again.
        """
        ...
