"""Real and simulated devices behind the stations' ports. They know a port, nothing else."""

from __future__ import annotations
