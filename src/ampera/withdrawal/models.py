"""Tables of withdrawal: what was taken in, which serial a card has, and what was destroyed.

Spoiled blanks stand in the blanko books and are asked there; nothing of that ledger is kept here.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Piece(models.Model):
    """A card that was taken back. Of two entries about one piece the earlier (at, hash) stands."""

    piece = models.CharField(max_length=40, primary_key=True)
    card = models.CharField(max_length=40, default="")
    serial = models.CharField(max_length=40, default="")
    how = models.CharField(max_length=12, default="")
    #: Empty where it follows from the request for the new card.
    cause = models.CharField(max_length=14, default="")
    request = models.CharField(max_length=40, default="")
    office = models.CharField(max_length=10, default="")
    place = models.CharField(max_length=80, default="")
    standing = models.CharField(max_length=10, default="")
    brought_by = models.CharField(max_length=120, default="")
    officer = models.CharField(max_length=40, default="")
    at = models.CharField(max_length=27, default="")
    hash = models.CharField(max_length=64, default="")
    #: Given back to its holder: the earliest word stands.
    back_at = models.CharField(max_length=27, default="")
    back_hash = models.CharField(max_length=64, default="")
    back_officer = models.CharField(max_length=40, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["card"], name="withdrawal_piece_card"),
            models.Index(fields=["serial"], name="withdrawal_piece_serial"),
            models.Index(fields=["office", "at"], name="withdrawal_piece_office"),
        ]

    def __str__(self) -> str:
        return self.piece


class NotShown(models.Model):
    """A card that a handover voided and that was not handed in: it is still outside."""

    card = models.CharField(max_length=40, primary_key=True)
    request = models.CharField(max_length=40)
    office = models.CharField(max_length=10)
    at = models.CharField(max_length=27)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.card


class Made(models.Model):
    """Which blanko became which card, as its check says; the look-up by serial reads it."""

    card = models.CharField(max_length=40, primary_key=True)
    serial = models.CharField(max_length=40)
    office = models.CharField(max_length=10)
    result = models.CharField(max_length=10)
    at = models.CharField(max_length=27)
    hash = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["serial"], name="withdrawal_made_serial")]

    def __str__(self) -> str:
        return self.card


class Destruction(models.Model):
    """A batch that is gone, as its berita acara says."""

    destruction = models.CharField(max_length=40, primary_key=True)
    number = models.CharField(max_length=80)
    office = models.CharField(max_length=10)
    place = models.CharField(max_length=120)
    way = models.CharField(max_length=8)
    cause = models.CharField(max_length=14)
    total = models.IntegerField()
    officers = models.JSONField()
    witnesses = models.JSONField()
    on = models.CharField(max_length=10)
    at = models.CharField(max_length=27)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["office", "on"], name="withdrawal_done_office")]

    def __str__(self) -> str:
        return self.destruction


class Gone(models.Model):
    """One piece of a batch that is gone. Told twice, the earlier (at, hash) stands."""

    piece = models.CharField(max_length=40, primary_key=True)
    destruction = models.CharField(max_length=40)
    card = models.CharField(max_length=40)
    serial = models.CharField(max_length=40)
    cause = models.CharField(max_length=14)
    office = models.CharField(max_length=10)
    on = models.CharField(max_length=10)
    at = models.CharField(max_length=27)
    hash = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["destruction"], name="withdrawal_gone_batch"),
            models.Index(fields=["card"], name="withdrawal_gone_card"),
            models.Index(fields=["serial"], name="withdrawal_gone_serial"),
            models.Index(fields=["office", "on"], name="withdrawal_gone_office"),
        ]

    def __str__(self) -> str:
        return self.piece


class Batch(models.Model):
    """A batch that two officers are counting out. Local: what is gone stands in an entry."""

    batch = models.CharField(max_length=40, primary_key=True)
    cause = models.CharField(max_length=14)
    officer = models.CharField(max_length=40)
    at = models.CharField(max_length=27)

    def __str__(self) -> str:
        return self.batch


class InBatch(models.Model):
    """Guard: a piece lies in one batch at a time, also from two windows at once."""

    piece = models.CharField(max_length=40, primary_key=True)
    batch = models.CharField(max_length=40)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["batch"], name="withdrawal_in_batch")]

    def __str__(self) -> str:
        return self.piece


class InHand(models.Model):
    """Guard: a card lies at this office once, also when two windows take it in at once."""

    key = models.CharField(max_length=60, primary_key=True)
    piece = models.CharField(max_length=40)

    def __str__(self) -> str:
        return self.key


LOCAL = {"batch", "inbatch", "inhand"}
