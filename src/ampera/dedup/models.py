"""Tables of the uniqueness check: verdicts as known here, and the guards of the centre."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class RecordVerdict(models.Model):
    """What is known of one recording's verdict. The call for an adjudicator and the final word
    are two facts with columns of their own, so that they may come in any order.
    """

    enrolment = models.CharField(max_length=36, primary_key=True)
    request = models.CharField(max_length=36, default="")
    resident = models.CharField(max_length=36, default="")
    #: Where the recording was made; told to the centre and its dinas.
    office = models.CharField(max_length=10, default="")
    arrival = models.BigIntegerField(default=0)

    asked_of = models.CharField(max_length=36, null=True)
    asked_order = models.BigIntegerField(default=0)
    asked_at = models.CharField(max_length=27, default="")
    asked_hash = models.CharField(max_length=64, default="")

    verdict = models.CharField(max_length=30, default="")
    decided_of = models.CharField(max_length=36, null=True)
    decided_order = models.BigIntegerField(default=0)
    decided_at = models.CharField(max_length=27, default="")
    decided_hash = models.CharField(max_length=64, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["request"], name="dedup_verdict_request"),
            models.Index(fields=["resident"], name="dedup_verdict_resident"),
            models.Index(fields=["arrival"], name="dedup_verdict_arrival"),
            models.Index(fields=["verdict", "decided_order"], name="dedup_verdict_word"),
        ]

    def __str__(self) -> str:
        return self.enrolment


class OnePrintReady(models.Model):
    """Guard: of one resident, and of one NIK, one recording is print ready. `res/…` and `nik/…`."""

    person = models.CharField(max_length=45, primary_key=True)
    enrolment = models.CharField(max_length=36)

    def __str__(self) -> str:  # A log must not carry a NIK.
        return self.enrolment


class Turn(models.Model):
    """Guard: verdicts are taken one at a time; each has a number of its own."""

    number = models.BigIntegerField(primary_key=True)
    enrolment = models.CharField(max_length=36)


class GalleryEntry(models.Model):
    """The gallery of the embedded engine."""

    enrolment = models.CharField(max_length=36, primary_key=True)
    resident = models.CharField(max_length=36, db_index=True)
    nik = models.CharField(max_length=16, db_index=True)

    def __str__(self) -> str:  # A log must not carry a NIK.
        return self.enrolment


LOCAL = {"oneprintready", "turn", "galleryentry"}
