"""Tables of delivery: finished cards and where each is.

One row a card, one group of columns a fact.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class FinishedCard(models.Model):
    """A card that passed its check, was handed over, replaced or voided.

    `*_by`: the entry's place.
    """

    card = models.CharField(max_length=40, primary_key=True)
    permit = models.CharField(max_length=40, default="")
    serial = models.CharField(max_length=40, default="")
    office = models.CharField(max_length=10, default="")
    result = models.CharField(max_length=10, default="")
    checked_at = models.DateTimeField(null=True)
    checked_by = models.CharField(max_length=100, default="")
    handed_at = models.DateTimeField(null=True)
    handed_by = models.CharField(max_length=100, default="")
    handed_office = models.CharField(max_length=10, default="")
    handed_permit = models.CharField(max_length=40, default="")
    officer = models.CharField(max_length=40, default="")
    receiver = models.CharField(max_length=10, default="")
    verified = models.CharField(max_length=10, default="")
    proxy_name = models.CharField(max_length=120, default="")
    proxy_basis = models.CharField(max_length=200, default="")
    resident = models.CharField(max_length=40, default="")
    request = models.CharField(max_length=40, default="")
    replaces = models.CharField(max_length=40, default="")
    replaced_by = models.CharField(max_length=40, default="")
    voided_at = models.DateTimeField(null=True)
    voided_by = models.CharField(max_length=100, default="")
    voided_why = models.CharField(max_length=60, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["office", "checked_at"],
                name="delivery_card_ready",
                condition=models.Q(result="READY", handed_at__isnull=True),
            ),
            models.Index(fields=["handed_office", "handed_at"], name="delivery_card_handed"),
        ]


class HandedOnce(models.Model):
    """A card is handed over once: the primary key settles a race between two counters."""

    card = models.CharField(max_length=40, primary_key=True)


class PacketDeleted(models.Model):
    """The print packet of this permit was deleted here after the handover."""

    permit = models.CharField(max_length=40, primary_key=True)


LOCAL = {"handedonce", "packetdeleted"}
