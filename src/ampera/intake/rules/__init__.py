"""The intake's rules: papers, policy, the order of steps, tickets and states.

Pure: no framework, no clock, no chance. Facts come in as arguments, decisions go out as values.
"""

from __future__ import annotations
