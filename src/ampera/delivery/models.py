"""Tables of delivery: finished cards, in whose hand each is, bundles under way; and local ones.

One row a card, one group of columns a fact.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class FinishedCard(models.Model):
    """A card that passed its check, was passed on, handed over, replaced or voided.

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
    second = models.CharField(max_length=40, default="")
    receiver = models.CharField(max_length=10, default="")
    verified = models.CharField(max_length=10, default="")
    exception = models.CharField(max_length=20, default="")
    old_card = models.CharField(max_length=10, default="")
    old_serial = models.CharField(max_length=40, default="")
    from_bundle = models.CharField(max_length=40, default="")
    told_at = models.CharField(max_length=27, default="")
    proxy_name = models.CharField(max_length=120, default="")
    proxy_basis = models.CharField(max_length=200, default="")
    resident = models.CharField(max_length=40, default="")
    request = models.CharField(max_length=40, default="")
    replaces = models.CharField(max_length=40, default="")
    replaced_by = models.CharField(max_length=40, default="")
    voided_at = models.DateTimeField(null=True)
    voided_by = models.CharField(max_length=100, default="")
    voided_why = models.CharField(max_length=60, default="")
    #: Derived from all claims on moves.
    place = models.CharField(max_length=10, default="COUNTER")
    bundle = models.CharField(max_length=40, default="")
    moves = models.IntegerField(default=0)
    moved_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["office", "checked_at"],
                name="delivery_card_ready",
                condition=models.Q(result="READY", handed_at__isnull=True),
            ),
            models.Index(fields=["handed_office", "handed_at"], name="delivery_card_handed"),
            models.Index(
                fields=["bundle"], name="delivery_card_bundle", condition=~models.Q(bundle="")
            ),
        ]

    def __str__(self) -> str:  # A log must not carry a name.
        return self.card


class CardMove(models.Model):
    """One claim on the n-th move of a card. A second one with other content: *in two hands*."""

    key = models.CharField(max_length=120, primary_key=True)
    card = models.CharField(max_length=40)
    n = models.IntegerField()
    place = models.CharField(max_length=10)
    bundle = models.CharField(max_length=40)
    why = models.CharField(max_length=12)
    reason = models.CharField(max_length=20)
    officer = models.CharField(max_length=40)
    at = models.CharField(max_length=27)
    hash = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["card", "n"], name="delivery_move_card"),
            models.Index(fields=["bundle"], name="delivery_move_bundle"),
        ]

    def __str__(self) -> str:
        return self.key


class Bundle(models.Model):
    """Cards of one kelurahan that go out together: sealed, then in a carrier's hand.

    The columns of each fact are written by the earliest entry that says it.
    """

    bundle = models.CharField(max_length=40, primary_key=True)
    office = models.CharField(max_length=10, default="")
    kelurahan = models.CharField(max_length=13, default="")
    number = models.CharField(max_length=40, default="")
    count = models.IntegerField(default=0)
    cards = models.JSONField(default=list)
    sealed_at = models.DateTimeField(null=True)
    sealed_by = models.CharField(max_length=100, default="")
    sealed_officer = models.CharField(max_length=40, default="")
    #: The last carrier; `carrier` is an officer's id, empty for somebody without an account.
    out_n = models.IntegerField(default=0)
    out_to = models.CharField(max_length=10, default="")
    out_at = models.DateTimeField(null=True)
    out_by = models.CharField(max_length=100, default="")
    carrier = models.CharField(max_length=40, default="")
    carrier_name = models.CharField(max_length=120, default="")
    carrier_paper = models.CharField(max_length=120, default="")
    out_officer = models.CharField(max_length=40, default="")
    out_second = models.CharField(max_length=40, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["office", "sealed_at"], name="delivery_bundle_sealed")
        ]

    def __str__(self) -> str:
        return self.bundle


class Undelivered(models.Model):
    """What a carrier said at a door where nothing could be given. The latest told one counts."""

    key = models.CharField(max_length=64, primary_key=True)
    card = models.CharField(max_length=40)
    bundle = models.CharField(max_length=40)
    why = models.CharField(max_length=20)
    note = models.CharField(max_length=200)
    officer = models.CharField(max_length=40)
    told_at = models.CharField(max_length=27)
    at = models.CharField(max_length=27)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["card"], name="delivery_undelivered_card")]

    def __str__(self) -> str:
        return self.key


class HandedOnce(models.Model):
    """A card is handed over once: the primary key settles a race between two counters."""

    card = models.CharField(max_length=40, primary_key=True)


class PassedOnce(models.Model):
    """The n-th move of a card is made once: `crd_…/n` settles a race between two hands."""

    move = models.CharField(max_length=60, primary_key=True)


class PacketDeleted(models.Model):
    """The print packet of this permit was deleted here after the handover."""

    permit = models.CharField(max_length=40, primary_key=True)


class DoorSignature(models.Model):
    """The strokes that a receiver drew at the door. Stays here; the journal has their hash."""

    card = models.CharField(max_length=40, primary_key=True)
    strokes = models.TextField()


class DoorConflict(models.Model):
    """What a carrier's phone told and the books could not take: a person has to look."""

    command = models.CharField(max_length=40, primary_key=True)
    card = models.CharField(max_length=40)
    bundle = models.CharField(max_length=40)
    officer = models.CharField(max_length=40)
    act = models.CharField(max_length=10)
    told_at = models.CharField(max_length=27)
    at = models.CharField(max_length=27)
    code = models.CharField(max_length=60)
    settled_by = models.CharField(max_length=40, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["at"], name="delivery_conflict_open", condition=models.Q(settled_by="")
            )
        ]

    def __str__(self) -> str:
        return self.command


class OutMessage(models.Model):
    """A message that waits to be sent, or was. The address goes as soon as it is not needed."""

    key = models.CharField(max_length=80, primary_key=True)
    channel = models.CharField(max_length=8)  # email, phone
    address = models.CharField(max_length=120)
    subject = models.CharField(max_length=120)
    text = models.TextField()
    state = models.CharField(max_length=10, default="QUEUED")
    tries = models.IntegerField(default=0)
    next_at = models.CharField(max_length=27)
    made_at = models.CharField(max_length=27)
    said = models.CharField(max_length=120, default="")  # why the last try failed, no address

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["next_at"],
                name="delivery_message_due",
                condition=models.Q(state__in=["QUEUED", "SENDING"]),
            )
        ]

    def __str__(self) -> str:
        return self.key


LOCAL = {
    "handedonce",
    "passedonce",
    "packetdeleted",
    "doorsignature",
    "doorconflict",
    "outmessage",
}
