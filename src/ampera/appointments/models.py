"""Tables of appointments: what was promised to whom, and the book of an office that is written by
one hand at a time."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Appointment(models.Model):
    """One promise. The latest word about its day stands."""

    appointment = models.CharField(max_length=40, primary_key=True)
    request = models.CharField(max_length=40, default="")
    ticket_hash = models.CharField(max_length=64, default="")
    office = models.CharField(max_length=10, default="")
    made_at = models.CharField(max_length=27, default="")
    made_by = models.CharField(max_length=40, default="")
    day = models.CharField(max_length=10, default="")
    day_rank = models.CharField(max_length=120, default="")
    missed_day = models.CharField(max_length=10, default="")
    is_cancelled = models.BooleanField(default=False)
    # Derived.
    state = models.CharField(max_length=10, default="BOOKED")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["office", "day"], name="appointments_day"),
            models.Index(fields=["request"], name="appointments_request"),
            models.Index(fields=["ticket_hash"], name="appointments_ticket"),
        ]

    def __str__(self) -> str:
        return self.appointment


class DayBook(models.Model):
    """Guard: who promises a day turns the page, and of two who read one page the second decides
    anew. Not a projection."""

    office = models.CharField(max_length=10, primary_key=True)
    page = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return self.office


LOCAL = {"daybook"}
