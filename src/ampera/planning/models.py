"""Tables of planning: outages of the line as the servers below told them, and its proposals.

Calculations are local: no entry tells of them, and a rebuild leaves them alone.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models

LOCAL = {"calculation"}


class LineOutage(models.Model):
    """The way up from one office was cut for a while. The key is the entry that told it."""

    place = models.CharField(max_length=64, primary_key=True)
    office = models.CharField(max_length=10)
    since = models.CharField(max_length=27)
    until = models.CharField(max_length=27)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["office", "until"], name="planning_outage")]

    def __str__(self) -> str:
        return self.place


class Proposal(models.Model):
    """Who is to get how many blanko, with all that it was worked out from, and what the head of the
    dinas said."""

    allocation = models.CharField(max_length=40, primary_key=True)
    at = models.CharField(max_length=27)
    officer = models.CharField(max_length=40)
    stock = models.IntegerField()
    way = models.CharField(max_length=16)
    share_per_mille = models.IntegerField()
    minimum = models.IntegerField()
    days = models.IntegerField()
    lines = models.JSONField()
    #: Of the centre's: one line for each province. Empty at a dinas.
    tops = models.JSONField(default=list)
    #: Of the centre's: city → the letter that it answers.
    letters = models.JSONField(default=dict)
    #: Of the centre's decision, which the cities read.
    number = models.CharField(max_length=60, blank=True, default="")
    outcome = models.CharField(max_length=16, blank=True, default="")
    reason = models.CharField(max_length=300, blank=True, default="")
    decided_at = models.CharField(max_length=27, blank=True, default="")
    decided_by = models.CharField(max_length=40, blank=True, default="")
    gets = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["outcome", "decided_at"], name="planning_proposal_said"),
            models.Index(fields=["at"], name="planning_proposal_at"),
        ]

    def __str__(self) -> str:
        return self.allocation


class SupplyRequest(models.Model):
    """A letter that asks the centre for blanks, from its draft until they are here."""

    request = models.CharField(max_length=40, primary_key=True)
    office = models.CharField(max_length=10)
    number = models.CharField(max_length=60, blank=True, default="")
    state = models.CharField(max_length=10)
    at = models.CharField(max_length=27)
    officer = models.CharField(max_length=40)
    wanted = models.IntegerField()
    note = models.CharField(max_length=500, blank=True, default="")
    evidence = models.JSONField()
    sent_at = models.CharField(max_length=27, blank=True, default="")
    sent_by = models.CharField(max_length=40, blank=True, default="")
    answered_at = models.CharField(max_length=27, blank=True, default="")
    promised = models.IntegerField(default=0)
    #: ISO day, empty where the centre named none.
    promised_on = models.CharField(max_length=10, blank=True, default="")
    answer = models.CharField(max_length=120, blank=True, default="")
    received_at = models.CharField(max_length=27, blank=True, default="")
    shipment = models.CharField(max_length=40, blank=True, default="")
    received = models.IntegerField(default=0)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["state", "at"], name="planning_supply_state")]

    def __str__(self) -> str:
        return self.request


class SupplyGrant(models.Model):
    """What the centre said to a letter when it shared out; nothing is an answer, too. The key is
    the letter within the allocation."""

    place = models.CharField(max_length=84, primary_key=True)
    request = models.CharField(max_length=40, db_index=True)
    office = models.CharField(max_length=10)
    at = models.CharField(max_length=27)
    count = models.IntegerField()
    #: ISO day, empty where the centre named none.
    promised_on = models.CharField(max_length=10, blank=True, default="")
    number = models.CharField(max_length=60)
    #: What decided the number, as in the centre's proposal; empty where the head changed it.
    limit = models.CharField(max_length=12, blank=True, default="")

    def __str__(self) -> str:
        return self.place


class Calculation(models.Model):
    """A long calculation that was asked for here, and its result. The key is made from what is
    asked, so that the same question finds the same row. Times are wall times."""

    key = models.CharField(max_length=24, primary_key=True)
    state = models.CharField(max_length=10)
    why = models.CharField(max_length=20, blank=True, default="")
    name = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    policy = models.CharField(max_length=12)
    scenario = models.TextField()
    replications = models.IntegerField()
    seed = models.IntegerField()
    officer = models.CharField(max_length=40)
    asked_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    #: Of the last step that was heard of; of the end, when it is over.
    heard_at = models.DateTimeField()
    done_parts = models.IntegerField(default=0)
    parts = models.IntegerField(default=0)
    answer = models.JSONField(null=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["state", "asked_at"], name="planning_calculation_state")
        ]

    def __str__(self) -> str:
        return self.key
