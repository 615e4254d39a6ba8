"""The register's rules: code tables, the ministry's export, spellings, ages and rights.

Pure: no framework, no clock, no chance. Facts come in as arguments, decisions go out as values.
"""

from __future__ import annotations
