"""Tables of withdrawal: what was taken in, how it travelled, which serial a card has, what is gone.

Spoiled blanks stand in the blanko books and are asked there; nothing of that ledger is kept here.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Piece(models.Model):
    """A card that was taken back. Of two entries about one piece the earlier (at, hash) stands;
    whoever only sent it on is believed last (`weight`). An action moves it by compare-and-set on
    (n, lies)."""

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
    weight = models.SmallIntegerField(default=0)
    #: How often it moved; where it is by its highest move (`16.71`, `transit:16.71`), since when.
    n = models.IntegerField(default=0)
    lies = models.CharField(max_length=20, default="")
    lies_since = models.CharField(max_length=27, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["card"], name="withdrawal_piece_card"),
            models.Index(fields=["serial"], name="withdrawal_piece_serial"),
            models.Index(fields=["lies", "lies_since"], name="withdrawal_piece_lies"),
        ]

    def __str__(self) -> str:
        return self.piece


class PieceMove(models.Model):
    """One claim on the n-th move of a piece. A second with another content: *in two places*."""

    key = models.CharField(max_length=80, primary_key=True)
    piece = models.CharField(max_length=40)
    n = models.IntegerField()
    source = models.CharField(max_length=20)
    target = models.CharField(max_length=20)
    package = models.CharField(max_length=40)
    origin = models.CharField(max_length=10)
    at = models.CharField(max_length=27)
    hash = models.CharField(max_length=64)
    #: Of several claims the earliest by (at, hash) stands; the others stay visible.
    stands = models.BooleanField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["piece", "n"], name="withdrawal_move_piece"),
            models.Index(fields=["package"], name="withdrawal_move_package"),
            models.Index(
                fields=["piece"], name="withdrawal_move_clash", condition=models.Q(stands=False)
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Package(models.Model):
    """Withdrawn cards under way in one sealed package, as two officers of the sender told it."""

    package = models.CharField(max_length=40, primary_key=True)
    code = models.CharField(max_length=8)
    source = models.CharField(max_length=10)
    target = models.CharField(max_length=10)
    seal = models.CharField(max_length=40)
    count = models.IntegerField()
    officers = models.JSONField()
    courier = models.CharField(max_length=120)
    at = models.CharField(max_length=27)
    hash = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["target", "at"], name="withdrawal_package_target"),
            models.Index(fields=["source", "at"], name="withdrawal_package_source"),
        ]

    def __str__(self) -> str:
        return self.package


class Arrival(models.Model):
    """What two officers of the receiver found in a package. The earlier (at, hash) stands."""

    package = models.CharField(max_length=40, primary_key=True)
    office = models.CharField(max_length=10)
    is_seal_whole = models.BooleanField()
    officers = models.JSONField()
    received = models.IntegerField()
    missing = models.IntegerField()
    at = models.CharField(max_length=27)
    hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.package


class Surplus(models.Model):
    """Something in a package that its list does not name: aside, until two officers decide."""

    key = models.CharField(max_length=90, primary_key=True)
    package = models.CharField(max_length=40)
    mark = models.CharField(max_length=40)
    office = models.CharField(max_length=10, default="")
    officers = models.JSONField(default=list)
    at = models.CharField(max_length=27, default="")
    hash = models.CharField(max_length=64, default="")
    settled_as = models.CharField(max_length=10, default="")
    settled_at = models.CharField(max_length=27, default="")
    settled_hash = models.CharField(max_length=64, default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["office"], name="withdrawal_surplus_office")]

    def __str__(self) -> str:
        return self.key


class Counted(models.Model):
    """A package that two officers counted before its news was here."""

    count = models.CharField(max_length=40, primary_key=True)
    office = models.CharField(max_length=10, default="")
    code = models.CharField(max_length=8, default="")
    is_seal_whole = models.BooleanField(default=True)
    marks = models.JSONField(default=list)
    officers = models.JSONField(default=list)
    at = models.CharField(max_length=27, default="")
    is_dropped = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["office", "code"], name="withdrawal_counted_code")
        ]

    def __str__(self) -> str:
        return self.count


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
    #: How often two officers said after its check that it is another blanko; 0 as its check said.
    corrected = models.IntegerField(default=0)
    corrected_by = models.CharField(max_length=100, default="")

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


class OneCount(models.Model):
    """Guard: a package is counted once before its news, also from two windows at once."""

    code = models.CharField(max_length=8, primary_key=True)
    count = models.CharField(max_length=40)

    def __str__(self) -> str:
        return self.code


LOCAL = {"batch", "inbatch", "inhand", "onecount"}
