"""Tables of printing: what became of each attempt and each printed card, and the printers'
run-time.

Attempts and checks are projections. Runs, printers as last seen and the sent jobs are local: they
tell a worker after a crash where it was, and they mean nothing to another server.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Attempt(models.Model):
    """One attempt to spend one blanko on one permit.

    Each fact stands beside the entry that told it.
    """

    id = models.CharField(max_length=40, primary_key=True)
    office = models.CharField(max_length=10, default="")
    permit = models.CharField(max_length=40, default="")
    card = models.CharField(max_length=40, default="")
    serial = models.CharField(max_length=40, default="")
    printer = models.CharField(max_length=60, default="")
    incarnation = models.IntegerField(default=0)
    officer = models.CharField(max_length=40, default="")
    opened_at = models.DateTimeField(null=True)
    opened_by = models.CharField(max_length=100, default="")
    ended = models.CharField(max_length=10, default="")
    cause = models.CharField(max_length=20, default="")
    document = models.CharField(max_length=64, default="")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=100, default="")
    settled = models.CharField(max_length=10, default="")
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=100, default="")
    settled_officer = models.CharField(max_length=40, default="")
    witness = models.CharField(max_length=40, default="")
    #: The newest time at which two officers emptied the printer of this attempt.
    emptied_at = models.DateTimeField(null=True)
    #: How often two officers said that it is another blanko than it named, and the entry of the
    #: newest time; `serial` is the one of that time.
    corrected = models.IntegerField(default=0)
    corrected_by = models.CharField(max_length=100, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["office", "ended", "settled"], name="printing_attempt_state"),
            models.Index(
                fields=["office", "printer", "opened_at"], name="printing_attempt_printer"
            ),
            models.Index(fields=["office", "ended_at"], name="printing_attempt_ended"),
            models.Index(fields=["card"], name="printing_attempt_card"),
            models.Index(fields=["office", "cause", "emptied_at"], name="printing_attempt_held"),
            models.Index(fields=["serial"], name="printing_attempt_serial"),
        ]


class CardCheck(models.Model):
    """The visual check and read-back of one printed card. Its blanko stands with its attempt."""

    card = models.CharField(max_length=40, primary_key=True)
    permit = models.CharField(max_length=40)
    office = models.CharField(max_length=10)
    result = models.CharField(max_length=10)
    officer = models.CharField(max_length=40)
    witness = models.CharField(max_length=40)
    checked_at = models.DateTimeField()
    checked_by = models.CharField(max_length=100)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["office", "checked_at"], name="printing_check_office")
        ]


class Once(models.Model):
    """What may happen once here: end an attempt, decide about it in a state, be the next on a
    printer.

    The primary key settles a race: who comes second loads again and finds the fact.
    """

    what = models.CharField(max_length=160, primary_key=True)


class PrintRun(models.Model):
    """An office is printing on: one sitting of a printer, started and stopped by an officer."""

    id = models.CharField(max_length=80, primary_key=True)
    printer = models.CharField(max_length=60)
    officer = models.CharField(max_length=40)
    cards = models.IntegerField()
    #: Serials as they lie in the hopper, first to be fed first; empty when blanks are fed one by
    #: one.
    serials = models.JSONField(default=list)
    started_at = models.DateTimeField()
    stopped_at = models.DateTimeField(null=True)
    stopped_for = models.CharField(max_length=60, default="")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["printer"],
                condition=models.Q(stopped_at__isnull=True),
                name="printing_one_run_a_printer",
            ),
            models.CheckConstraint(condition=models.Q(cards__gte=1), name="printing_run_has_cards"),
        ]


class PrinterNow(models.Model):
    """A printer as it was last looked at, and what keeps it from printing."""

    printer = models.CharField(max_length=60, primary_key=True)
    is_reachable = models.BooleanField(default=False)
    state = models.CharField(max_length=12, default="")
    may_print = models.BooleanField(default=False)
    reasons = models.JSONField(default=list)
    message = models.CharField(max_length=200, default="")
    uuid = models.CharField(max_length=60, default="")
    up_time_seconds = models.BigIntegerField(default=0)
    looked_at = models.DateTimeField(null=True)
    #: What it claims to have left of each supply, in percent, by `marker-types` keyword.
    supplies = models.JSONField(default=dict)
    #: Two officers emptied it: its jobs have to be purged before anything else is sent.
    must_purge = models.BooleanField(default=False)
    #: Why the last tick opened nothing: a refusal's code and facts.
    waits_code = models.CharField(max_length=60, default="")
    waits_facts = models.JSONField(default=dict)
    #: Sends in a row that the printer did not take, and until when none is tried.
    misses = models.IntegerField(default=0)
    not_before = models.DateTimeField(null=True)


class JobTrack(models.Model):
    """What this server did and saw of an attempt's job. Written before it speaks to the printer."""

    attempt = models.CharField(max_length=40, primary_key=True)
    printer = models.CharField(max_length=60)
    run = models.CharField(max_length=80, default="")
    phase = models.CharField(max_length=12)
    #: The reader inside the printer said which blank it is, before Print-Job.
    is_staged = models.BooleanField(default=False)
    document = models.CharField(max_length=64, default="")
    #: The machine as it was last looked at before the attempt was opened.
    uuid = models.CharField(max_length=60, default="")
    up_time_seconds = models.BigIntegerField(default=0)
    machine_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    job_state = models.CharField(max_length=12, default="")
    job_reasons = models.JSONField(default=list)
    job_message = models.CharField(max_length=200, default="")
    looked_at = models.DateTimeField(null=True)
    #: The printer went on with the job after the attempt was over.
    late_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["run"], name="printing_track_run"),
            models.Index(fields=["printer", "looked_at"], name="printing_track_watch"),
            models.Index(fields=["printer", "job_state"], name="printing_track_state"),
            models.Index(fields=["printer", "late_at"], name="printing_track_late"),
        ]


class HeldUp(models.Model):
    """A permit whose card could not be begun:

    The run goes on with the next and comes back later.
    """

    permit = models.CharField(max_length=40, primary_key=True)
    code = models.CharField(max_length=60)
    facts = models.JSONField(default=dict)
    at = models.DateTimeField()


class PrinterPace(models.Model):
    """What was learnt by watching a printer: its heat, its warm-up, and until when it is left
    alone.
    """

    printer = models.CharField(max_length=60, primary_key=True)
    #: `printer-make-and-model`; another one begins to learn anew.
    model = models.CharField(max_length=127, default="")
    #: `rules.heat.to_record`; empty until the printer was seen.
    belief = models.JSONField(default=dict)
    cold_since = models.DateTimeField(null=True)
    #: Measured from cold, city seconds; 0 until one was seen from its begin to its end.
    warm_up_seconds = models.FloatField(default=0.0)
    woken_on = models.DateField(null=True)
    #: Cards without a rest, and since when no card is in work.
    cards_in_a_row = models.IntegerField(default=0)
    idle_since = models.DateTimeField(null=True)
    #: Until when no card is begun, and why: a refusal's code.
    wait_until = models.DateTimeField(null=True)
    wait_code = models.CharField(max_length=60, default="")
    #: Since when it is hindered, and by what; an entry is written when that lasts.
    hindered_since = models.DateTimeField(null=True)
    hindered_by = models.CharField(max_length=12, default="")
    #: What was told to be used up (`rules.stops.Upkeep`): its yield is the whole one.
    used_up = models.JSONField(default=list)


class PrinterStop(models.Model):
    """One time that a printer was down, from its first entry to its last. A projection."""

    #: The entry's own name for it: office, printer and since.
    id = models.CharField(max_length=120, primary_key=True)
    office = models.CharField(max_length=10)
    printer = models.CharField(max_length=60)
    cause = models.CharField(max_length=12)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["office", "printer", "since"], name="printing_stop_printer"),
            models.Index(fields=["office", "until"], name="printing_stop_until"),
        ]


class PrinterNote(models.Model):
    """What hands did at a printer: a supply changed, a cleaning, a repair. A projection."""

    #: The hash of the entry that tells it.
    id = models.CharField(max_length=64, primary_key=True)
    office = models.CharField(max_length=10)
    printer = models.CharField(max_length=60)
    what = models.CharField(max_length=16)
    at = models.DateTimeField()
    officer = models.CharField(max_length=40)
    #: Cards since the same was done before, as the office counted; -1 where that says nothing.
    cards = models.IntegerField(default=-1)
    was_empty = models.BooleanField(default=False)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["office", "printer", "what", "at"], name="printing_note_what")
        ]


class ChipBinding(models.Model):
    """Which chip sits in which blank, as a reader saw it. One row a pair that was told.

    What was read with the blank in hand is sure. What was read within an attempt goes by the order
    in which the books feed: it belongs to whichever blank that attempt names in the end.

    The UID stands here as it is: any reader tells it, it names nobody, and lists of makers and of
    found cards can be compared with it.
    """

    id = models.CharField(max_length=64, primary_key=True)
    uid = models.CharField(max_length=20, db_index=True)
    serial = models.CharField(max_length=40, db_index=True)
    office = models.CharField(max_length=10)
    bound_at = models.DateTimeField()
    bound_by = models.CharField(max_length=100)
    is_sure = models.BooleanField(default=False)
    #: The newest attempt within which this pair was read, and the entry that told it.
    attempt = models.CharField(max_length=40, default="", db_index=True)
    read_by = models.CharField(max_length=100, default="")


class ChipEncoding(models.Model):
    """What became of the chip of one attempt's card. Its blanko stands with the attempt."""

    attempt = models.CharField(max_length=40, primary_key=True)
    card = models.CharField(max_length=40, db_index=True)
    permit = models.CharField(max_length=40)
    office = models.CharField(max_length=10)
    uid = models.CharField(max_length=20)
    outcome = models.CharField(max_length=10)
    cause = models.CharField(max_length=20)
    officer = models.CharField(max_length=40)
    encoded_at = models.DateTimeField()
    encoded_by = models.CharField(max_length=100)


LOCAL = {"once", "printrun", "printernow", "jobtrack", "heldup", "printerpace"}
