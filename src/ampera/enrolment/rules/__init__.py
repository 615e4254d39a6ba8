"""The enrolment's rules: who may be captured, what a card will say, how far a recording has got.

Pure: no framework, no clock, no chance. Facts come in as arguments, decisions go out as values.
"""

from __future__ import annotations
