"""Tables of readiness: what entries said, the states that follow, and local guards.

States are kept beside the facts so that a queue of 44,000 can be read by index; they are recomputed
from the facts at each entry and never decide alone.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Asked(models.Model):
    """A card request as readiness needs it; the smallest rank of those who told of it stands."""

    request = models.CharField(max_length=40, primary_key=True)
    resident = models.CharField(max_length=40, default="")
    reason = models.CharField(max_length=12, default="")
    home = models.CharField(max_length=13, default="")
    host = models.CharField(max_length=10, default="")
    waiting_since = models.CharField(max_length=27, default="")
    nik = models.CharField(max_length=16, default="")
    nama = models.CharField(max_length=60, default="")
    rank = models.CharField(max_length=120, default="")
    is_confirmed = models.BooleanField(default=False)
    is_rejected = models.BooleanField(default=False)
    #: Where the request was handed on to, by the latest word.
    handed_to = models.CharField(max_length=10, default="")
    handed_rank = models.CharField(max_length=120, default="")
    # Derived.
    state = models.CharField(max_length=14, default="NOT_READY")
    served_at = models.CharField(max_length=13, default="")
    is_first = models.BooleanField(default=False)
    printable_from = models.CharField(max_length=10, default="")
    #: By the movements in the queue that stand: 0 for who jumped it, and the rank of an urgency.
    jump = models.SmallIntegerField(default=1)
    urgency = models.SmallIntegerField(default=99)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["resident"], name="readiness_asked_resident"),
            models.Index(
                fields=["state", "served_at", "reason", "waiting_since"],
                name="readiness_asked_queue",
            ),
        ]

    def __str__(self) -> str:
        return self.request


class Captured(models.Model):
    """An enrolment's version of the printed record, as it was captured."""

    enrolment = models.CharField(max_length=40, primary_key=True)
    request = models.CharField(max_length=40)
    resident = models.CharField(max_length=40)
    version = models.CharField(max_length=64)
    printable_from = models.CharField(max_length=10)

    def __str__(self) -> str:
        return self.enrolment


class Verdict(models.Model):
    """What the centre decided about an enrolment, in its own order."""

    key = models.CharField(max_length=60, primary_key=True)  # enrolment#order
    enrolment = models.CharField(max_length=40)
    request = models.CharField(max_length=40)
    resident = models.CharField(max_length=40)
    verdict = models.CharField(max_length=40)
    order = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["request"], name="readiness_verdict_request")]

    def __str__(self) -> str:
        return self.key


class Record(models.Model):
    """A PRINT_READY_RECORD under a mandate: what the dinas may print for a resident."""

    enrolment = models.CharField(max_length=40, primary_key=True)
    mandate = models.CharField(max_length=40)
    resident = models.CharField(max_length=40)
    request = models.CharField(max_length=40)
    version = models.CharField(max_length=64)
    dinas = models.CharField(max_length=10)
    printable_from = models.CharField(max_length=10)
    at = models.CharField(max_length=27)
    seq = models.BigIntegerField()
    hash = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["resident"], name="readiness_record_resident")]

    def __str__(self) -> str:
        return self.enrolment


class Permit(models.Model):
    """Leave to print one card, held by one office at a time."""

    permit = models.CharField(max_length=40, primary_key=True)
    card = models.CharField(max_length=40, default="")
    resident = models.CharField(max_length=40, default="")
    request = models.CharField(max_length=40, default="")
    version = models.CharField(max_length=64, default="")
    replaces = models.CharField(max_length=40, default="")
    office = models.CharField(max_length=10, default="")
    #: The latest of the granted and the renewed day.
    print_until = models.CharField(max_length=10, default="")
    granted_at = models.CharField(max_length=27, default="")
    nik = models.CharField(max_length=16, default="")
    nama = models.CharField(max_length=60, default="")
    #: Where the request stood when the permit was granted; 0 of 0 where the grant does not say.
    place = models.IntegerField(default=0)
    queue_length = models.IntegerField(default=0)
    jump = models.SmallIntegerField(default=1)
    urgency = models.SmallIntegerField(default=99)
    #: Granted elsewhere than at the office that serves the home: under which lending, for whom.
    lending = models.CharField(max_length=40, default="")
    lent_from = models.CharField(max_length=10, default="")
    lent_why = models.CharField(max_length=30, default="")
    # Derived.
    state = models.CharField(max_length=10, default="")
    is_recalled = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "office", "granted_at"], name="readiness_permit_open"),
            models.Index(fields=["resident"], name="readiness_permit_resident"),
        ]

    def __str__(self) -> str:
        return self.permit


class Card(models.Model):
    """A card, permitted or imported. The smallest rank of those who told of it stands."""

    card = models.CharField(max_length=40, primary_key=True)
    resident = models.CharField(max_length=40)
    request = models.CharField(max_length=40)
    permit = models.CharField(max_length=40)
    rank = models.CharField(max_length=120)
    # Derived.
    state = models.CharField(max_length=10, default="")
    bars_another = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["resident"], name="readiness_card_resident"),
            models.Index(fields=["permit"], name="readiness_card_permit"),
        ]

    def __str__(self) -> str:
        return self.card


class Word(models.Model):
    """One thing said about a card or its permit by one office: facts as a set."""

    key = models.CharField(max_length=150, primary_key=True)
    card = models.CharField(max_length=40)
    permit = models.CharField(max_length=40)
    attempt = models.CharField(max_length=40)
    said = models.CharField(max_length=12)
    origin = models.CharField(max_length=10)
    at = models.CharField(max_length=27)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["card"], name="readiness_word_card"),
            models.Index(fields=["permit"], name="readiness_word_permit"),
        ]

    def __str__(self) -> str:
        return self.key


class OneLiveCard(models.Model):
    """Guard at the dinas: of one person at most one card is under way."""

    resident = models.CharField(max_length=40, primary_key=True)
    card = models.CharField(max_length=40)

    def __str__(self) -> str:
        return self.resident


class OneMandate(models.Model):
    """Guard at the pusat: for one person one dinas at a time may permit."""

    resident = models.CharField(max_length=40, primary_key=True)
    mandate = models.CharField(max_length=40)
    dinas = models.CharField(max_length=10)

    def __str__(self) -> str:
        return self.resident


class PermitHold(models.Model):
    """Guard at the holder: an attempt has the permit, or spent it, or its return is written."""

    permit = models.CharField(max_length=40, primary_key=True)
    attempt = models.CharField(max_length=40)
    is_spent = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.permit


class Lane(models.Model):
    """Whoever recomputes the states of a resident waits here for the other who does."""

    resident = models.CharField(max_length=40, primary_key=True)
    turns = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return self.resident


class Hold(models.Model):
    """A hold on the handover of a resident's card: record, but do not hand over."""

    hold = models.CharField(max_length=40, primary_key=True)
    resident = models.CharField(max_length=40, default="")
    reason = models.CharField(max_length=12, default="")
    owner = models.CharField(max_length=120, default="")
    basis = models.CharField(max_length=200, default="")
    since = models.CharField(max_length=10, default="")
    until = models.CharField(max_length=10, default="")
    placed_by = models.CharField(max_length=40, default="")
    lifted_on = models.CharField(max_length=10, default="")
    lifted_by = models.CharField(max_length=90, default="")
    lifted_basis = models.CharField(max_length=200, default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["resident"], name="readiness_hold_resident")]

    def __str__(self) -> str:
        return self.hold


class HoldTold(models.Model):
    """An office that was told of a hold: it is told of the lifting too."""

    key = models.CharField(max_length=60, primary_key=True)
    hold = models.CharField(max_length=40)
    office = models.CharField(max_length=10)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["hold"], name="readiness_hold_told")]

    def __str__(self) -> str:
        return self.key


class QueueMove(models.Model):
    """One request put before others by two officers, until a second movement takes it back."""

    move = models.CharField(max_length=40, primary_key=True)
    request = models.CharField(max_length=40, default="")
    what = models.CharField(max_length=8, default="")
    reason = models.CharField(max_length=30, default="")
    evidence = models.CharField(max_length=30, default="")
    rank = models.SmallIntegerField(default=99)
    #: Whose queue, and which row of the policy was in force.
    office = models.CharField(max_length=10, default="")
    row = models.CharField(max_length=10, default="")
    decided_at = models.CharField(max_length=10, default="")
    officer = models.CharField(max_length=40, default="")
    witness = models.CharField(max_length=40, default="")
    at = models.CharField(max_length=27, default="")
    #: Taken back: the earliest word stands.
    undone_at = models.CharField(max_length=27, default="")
    undone_hash = models.CharField(max_length=64, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["request"], name="readiness_move_request"),
            models.Index(fields=["office", "what", "at"], name="readiness_move_day"),
        ]

    def __str__(self) -> str:
        return self.move


class LentPrinting(models.Model):
    """For some days the cards of one office are printed at another one."""

    lending = models.CharField(max_length=40, primary_key=True)
    home = models.CharField(max_length=10, default="")
    at = models.CharField(max_length=10, default="")
    since = models.CharField(max_length=10, default="")
    #: The last day.
    until = models.CharField(max_length=10, default="")
    why = models.CharField(max_length=30, default="")
    ends_when_up = models.BooleanField(default=False)
    officer = models.CharField(max_length=40, default="")
    begun_at = models.CharField(max_length=27, default="")
    #: Ended before its last day: the earliest word stands.
    ended_at = models.CharField(max_length=27, default="")
    ended_why = models.CharField(max_length=20, default="")
    ended_by = models.CharField(max_length=40, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["home", "until"], name="readiness_lent_home"),
            models.Index(fields=["at", "until"], name="readiness_lent_at"),
        ]

    def __str__(self) -> str:
        return self.lending


class SeizedOffice(models.Model):
    """An office whose server, printers and blanks two officers of the dinas have in custody."""

    seizure = models.CharField(max_length=40, primary_key=True)
    office = models.CharField(max_length=10, default="")
    at = models.CharField(max_length=27, default="")
    officers = models.JSONField(default=list)
    server = models.CharField(max_length=120, default="")
    printers = models.JSONField(default=list)
    place = models.CharField(max_length=120, default="")
    document = models.CharField(max_length=120, default="")
    blanko = models.IntegerField(default=0)
    surplus = models.JSONField(default=list)
    permits = models.IntegerField(default=0)
    released_at = models.CharField(max_length=27, default="")
    released_by = models.JSONField(default=list)
    released_document = models.CharField(max_length=120, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["office", "released_at"], name="readiness_seized_office")
        ]

    def __str__(self) -> str:
        return self.seizure


LOCAL = {"lane", "onelivecard", "onemandate", "permithold"}
