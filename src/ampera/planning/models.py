"""Tables of planning: the outages of the line, as the servers below told them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class LineOutage(models.Model):
    """The way up from one office was cut for a while. The key is the entry that told it."""

    place = models.CharField(max_length=64, primary_key=True)
    office = models.CharField(max_length=10)
    since = models.CharField(max_length=27)
    until = models.CharField(max_length=27)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["office", "until"], name="planning_outage")]

    def __str__(self) -> str:
        return self.place
