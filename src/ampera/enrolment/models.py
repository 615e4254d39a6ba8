"""Tables of the enrolment: what is known of each recording, and local ones that no entry tells
of."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Enrolment(models.Model):
    """One recording.

    `*_at` and `*_hash` are time and hash of the entry that says it, empty before.
    """

    id = models.CharField(max_length=36, primary_key=True)
    packet = models.CharField(max_length=64, default="")

    request = models.CharField(max_length=36, default="")
    resident = models.CharField(max_length=36, default="")
    office = models.CharField(max_length=10, default="")
    version = models.CharField(max_length=64, default="")
    modalities = models.JSONField(default=list)
    #: From the body; empty once its retention has ended.
    nik = models.CharField(max_length=16, default="")
    printed = models.JSONField(default=dict)
    exceptions = models.JSONField(default=dict)
    captured_at = models.CharField(max_length=27, default="")
    captured_hash = models.CharField(max_length=64, default="")

    #: The place in the order in which packets arrived at the centre; 0 where it was not told.
    arrival = models.BigIntegerField(default=0)
    received_at = models.CharField(max_length=27, default="")
    received_hash = models.CharField(max_length=64, default="")

    purged_at = models.CharField(max_length=27, default="")
    purged_hash = models.CharField(max_length=64, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["resident"], name="enrolment_by_resident"),
            models.Index(fields=["request"], name="enrolment_by_request"),
            models.Index(fields=["nik"], name="enrolment_by_nik"),
            models.Index(fields=["packet"], name="enrolment_by_packet"),
            models.Index(fields=["arrival"], name="enrolment_by_arrival"),
            models.Index(
                fields=["captured_at"],
                name="enrolment_waiting",
                condition=models.Q(received_at=""),
            ),
        ]

    def __str__(self) -> str:  # A log must not carry a name or a NIK.
        return self.id


class LookedUp(models.Model):
    """What the centre found of a recording for a replacement; the earlier (at, hash) stands."""

    request = models.CharField(max_length=36, primary_key=True)
    #: The office that recorded the resident, empty where nobody did.
    recorded_at = models.CharField(max_length=10)
    at = models.CharField(max_length=27)
    hash = models.CharField(max_length=64)


class ToLookUp(models.Model):
    """At the centre, while it is quarantined: a request whose answer has to wait."""

    request = models.CharField(max_length=36, primary_key=True)


class OneCapture(models.Model):
    """Guard: a resident is captured once at this server, whatever two windows do."""

    resident = models.CharField(max_length=36, primary_key=True)
    enrolment = models.CharField(max_length=36)


class Packet(models.Model):
    """A capture packet that lies here: whether it was sent on, and since when the centre has it."""

    id = models.CharField(max_length=64, primary_key=True)
    enrolment = models.CharField(max_length=36)
    sent_at = models.CharField(max_length=27, default="")
    #: When this server learned that the centre has it, by its own clock: the grace counts from
    #: here.
    acknowledged_at = models.CharField(max_length=27, default="")
    #: At the centre: why it was not acknowledged (a refusal code), empty when nothing is the
    #: matter.
    trouble = models.CharField(max_length=40, default="")


class Arrival(models.Model):
    """Guard at the centre: one packet a place in the order of arrival."""

    number = models.BigIntegerField(primary_key=True)
    enrolment = models.CharField(max_length=36, unique=True)


class PrintPacketMade(models.Model):
    """The print packet made here for a mandate or a permit: asked again, it is the same one."""

    key = models.CharField(max_length=60, primary_key=True)  # mdt_…/16.71 or prm_…/16.71.02
    packet = models.CharField(max_length=64)


LOCAL = {"onecapture", "packet", "arrival", "printpacketmade", "tolookup"}
