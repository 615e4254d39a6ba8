"""Tables of the journal. Entries are the truth; all else here is where chains stand and what is
known."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class EntryState(models.TextChoices):
    """What became of an entry here. Only the first two are final."""

    PROJECTED = "projected"  #: in the tables, or not meant for the tables of this tier
    CLOSED = "closed"  #: came after its incarnation was closed: evidence, never projected
    NOT_MINE = (
        "not_mine"  #: unknown kind, or its origin may not write it: stored and relayed, alarm
    )
    PARKED = "parked"  #: its projection failed
    HELD = "held"  #: waits behind a parked entry of the same subject


class EntryRow(models.Model):
    """One entry, in the order in which this server came to know it."""

    chain = models.CharField(max_length=60)
    seq = models.BigIntegerField()
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=40)
    at = models.CharField(max_length=27)
    officer = models.CharField(max_length=40)
    command_id = models.CharField(max_length=80)
    facts = models.TextField()
    body_hash = models.CharField(max_length=64)
    prev = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)
    salt = models.CharField(max_length=32)
    body = models.TextField(null=True)
    #: The origin's signature over the head at this entry, where a batch ended here.
    signature = models.CharField(max_length=128, null=True)
    state = models.CharField(max_length=10, choices=EntryState.choices)
    #: A reaction to this entry is still to be made here.
    must_react = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["chain", "seq"], name="journal_one_entry_a_place"),
            models.CheckConstraint(
                condition=models.Q(state__in=[state.value for state in EntryState]),
                name="journal_entry_state_known",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject"], name="journal_entry_subject"),
            models.Index(
                fields=["id"], name="journal_entry_react", condition=models.Q(must_react=True)
            ),
            models.Index(
                fields=["id"],
                name="journal_entry_waiting",
                condition=models.Q(state__in=["parked", "held", "not_mine"]),
            ),
        ]


class Chain(models.Model):
    """Where a chain stands here, and how far others are known to hold it."""

    name = models.CharField(max_length=60, primary_key=True)
    is_own = models.BooleanField()
    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)
    at = models.CharField(max_length=27)
    #: The furthest place that the tier above, and the pusat, have acknowledged. A cache: may go
    #: down.
    above_seq = models.BigIntegerField(default=0)
    top_seq = models.BigIntegerField(default=0)
    #: The furthest head that the origin has signed, even if its entries are still on the way.
    claimed_seq = models.BigIntegerField(default=0)
    claimed_hash = models.CharField(max_length=64, default="")
    closed_seq = models.BigIntegerField(null=True)


class Incarnation(models.Model):
    """A life of a server: its public key, and whether it is closed. A restore is a new one."""

    name = models.CharField(max_length=20, primary_key=True)  # 16.71.02@1
    office = models.CharField(max_length=10)
    number = models.IntegerField()
    public_key = models.CharField(max_length=64)
    is_closed = models.BooleanField(default=False)


class CommandRow(models.Model):
    """A command that had an effect, and the answer it got: asked again, it gets the same."""

    id = models.CharField(max_length=80, primary_key=True)
    fingerprint = models.CharField(max_length=64)
    answer = models.TextField()


class Alarm(models.Model):
    """Something that a person must look at; raised once, cleared by a person or by its cure."""

    key = models.CharField(max_length=120, primary_key=True)
    text = models.TextField()
    at = models.CharField(max_length=27)
    is_cleared = models.BooleanField(default=False)


class Mark(models.Model):
    """Small local facts: quarantine, the last time heard from above, the join."""

    key = models.CharField(max_length=60, primary_key=True)
    value = models.TextField()


class Lane(models.Model):
    """Whoever decides about one thing waits here for the other who does."""

    name = models.CharField(max_length=80, primary_key=True)
    turns = models.BigIntegerField(default=0)


#: Nothing of the journal is a projection of itself.
LOCAL = {"entryrow", "chain", "incarnation", "commandrow", "alarm", "mark", "lane"}
