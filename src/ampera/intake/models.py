"""Tables of the intake: what is known of each request, and two local ones."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q


class CardRequest(models.Model):
    """One request. Each fact has its own columns, so that news of different chains may come in
    any order.

    `*_at` and `*_hash` are time and hash of the entry that says it; empty while nobody said it.
    """

    id = models.CharField(max_length=36, primary_key=True)

    resident = models.CharField(max_length=36, default="")
    reason = models.CharField(max_length=12, default="")
    papers = models.JSONField(default=list)
    missing = models.JSONField(default=list)
    ticket_hash = models.CharField(max_length=64, default="")
    office = models.CharField(max_length=10, default="")
    home = models.CharField(max_length=10, default="")
    host = models.CharField(max_length=10, default="")
    is_nik_known = models.BooleanField(default=False)
    nik = models.CharField(max_length=16, default="")
    no_kk = models.CharField(max_length=16, default="")
    nama = models.CharField(max_length=200, default="")
    tanggal_lahir = models.CharField(max_length=10, default="")
    contact = models.CharField(max_length=120, default="")
    police_number = models.CharField(max_length=80, default="")
    police_office = models.CharField(max_length=80, default="")
    police_on = models.CharField(max_length=10, default="")
    taken_at = models.CharField(max_length=27, default="")
    taken_hash = models.CharField(max_length=64, default="")

    completed_by = models.CharField(max_length=10, default="")
    completed_at = models.CharField(max_length=27, default="")
    completed_hash = models.CharField(max_length=64, default="")

    confirmed_by = models.CharField(max_length=40, default="")
    confirmed_at = models.CharField(max_length=27, default="")
    confirmed_hash = models.CharField(max_length=64, default="")

    rejected_why = models.CharField(max_length=40, default="")
    rejected_at = models.CharField(max_length=27, default="")
    rejected_hash = models.CharField(max_length=64, default="")

    handed_to = models.CharField(max_length=10, default="")
    handed_at = models.CharField(max_length=27, default="")
    handed_hash = models.CharField(max_length=64, default="")

    #: The card is in a person's hand.
    closed_at = models.CharField(max_length=27, default="")
    closed_hash = models.CharField(max_length=64, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["resident"], name="intake_request_resident"),
            models.Index(fields=["ticket_hash"], name="intake_request_ticket"),
            models.Index(
                fields=["office", "taken_at"],
                name="intake_request_open",
                condition=Q(rejected_at="", closed_at=""),
            ),
            models.Index(
                fields=["completed_at"],
                name="intake_request_desk",
                condition=Q(confirmed_at="", rejected_at="", closed_at=""),
            ),
        ]

    def __str__(self) -> str:  # A log must not carry a name or a NIK.
        return self.id


class OpenRequest(models.Model):
    """Guard: `res_…/first` or `res_…/replacement` may have one open request. Not a projection."""

    key = models.CharField(max_length=60, primary_key=True)
    request = models.CharField(max_length=36)


class QueueDay(models.Model):
    """The numbers of one counter on one day: `2017-09-07/Loket 1`."""

    key = models.CharField(max_length=60, primary_key=True)
    given = models.IntegerField()
    called = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(called__gte=0, called__lte=models.F("given")),
                name="intake_queue_called_were_given",
            )
        ]


LOCAL = {"openrequest", "queueday"}
