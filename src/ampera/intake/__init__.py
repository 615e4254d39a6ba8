"""The card request: why it is asked for, what was shown, what lacks, who must act next."""

from __future__ import annotations
