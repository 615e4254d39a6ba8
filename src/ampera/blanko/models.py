"""Tables of the blanko books: what each entry said, where everything is, and one local guard."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Item(models.Model):
    """A blanko, or a box while it is sealed: its highest known move and the place that this gives.

    An action moves an item by compare-and-set on (n, place); the projection of its entry then fills
    in the rest.
    """

    item = models.CharField(max_length=40, primary_key=True)
    is_box = models.BooleanField()
    n = models.IntegerField()
    place = models.CharField(max_length=40)
    #: How many blanko stand here under this item: 1, the size of a sealed box, 0 for an opened one.
    count = models.IntegerField()
    first = models.CharField(max_length=16)
    last = models.CharField(max_length=16)
    size = models.IntegerField()
    #: The shipment, attempt or count of the highest move, when it came about and by which entry.
    document = models.CharField(max_length=40)
    at = models.CharField(max_length=27)
    hash = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [
            # The next serial of a shelf is one step into this index.
            models.Index(fields=["place", "is_box", "item"], name="blanko_item_place"),
            models.Index(
                fields=["first"], name="blanko_item_range", condition=models.Q(is_box=True)
            ),
        ]

    def __str__(self) -> str:
        return self.item


class Move(models.Model):
    """One claim on the n-th move of an item. A second claim with another content: *in two
    places*."""

    key = models.CharField(max_length=80, primary_key=True)
    item = models.CharField(max_length=40)
    n = models.IntegerField()
    source = models.CharField(max_length=50)
    target = models.CharField(max_length=40)
    why = models.CharField(max_length=16)
    document = models.CharField(max_length=40)
    count = models.IntegerField()
    first = models.CharField(max_length=16)
    origin = models.CharField(max_length=10)
    at = models.CharField(max_length=27)
    hash = models.CharField(max_length=64)
    #: Where its entry stands: a closed day is a place in each chain, not a time.
    chain = models.CharField(max_length=60)
    seq = models.BigIntegerField()
    officer = models.CharField(max_length=40)
    cause = models.CharField(max_length=24)  #: of a ruined one, as the entry tells it
    #: Of several claims the earliest by (at, hash) stands; the others stay visible.
    stands = models.BooleanField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["item", "n"], name="blanko_move_item"),
            models.Index(fields=["document"], name="blanko_move_document"),
            models.Index(fields=["chain", "seq"], name="blanko_move_place"),
            models.Index(fields=["at"], name="blanko_move_at"),
            models.Index(
                fields=["item"], name="blanko_move_clash", condition=models.Q(stands=False)
            ),
        ]

    def __str__(self) -> str:
        return self.key


class Shipment(models.Model):
    """Blanko under way from one office to another, as the sender told it."""

    shipment = models.CharField(max_length=40, primary_key=True)
    source = models.CharField(max_length=10)
    target = models.CharField(max_length=10)
    count = models.IntegerField()
    at = models.CharField(max_length=27)
    hash = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["target", "at"], name="blanko_shipment_target")]

    def __str__(self) -> str:
        return self.shipment


class Loan(models.Model):
    """A loan between two cities under its number, as the office told it that lent or borrowed."""

    key = models.CharField(max_length=60, primary_key=True)  # 16.71/LENT/400-12-2017
    office = models.CharField(max_length=10)
    side = models.CharField(max_length=8)
    number = models.CharField(max_length=40)
    at = models.CharField(max_length=27)
    hash = models.CharField(max_length=64)
    facts = models.JSONField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["office", "side"], name="blanko_loan_office")]

    def __str__(self) -> str:
        return self.key


class OpeningCount(models.Model):
    """The balance with which an office opened its books, counted by two persons."""

    count = models.CharField(max_length=40, primary_key=True)
    office = models.CharField(max_length=10)
    at = models.CharField(max_length=27)
    boxes = models.IntegerField()
    blanko = models.IntegerField()
    officers = models.JSONField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["office"], name="blanko_count_office")]

    def __str__(self) -> str:
        return self.count


class DayClosed(models.Model):
    """A day of an office's books that two officers counted and closed. It never changes again."""

    key = models.CharField(max_length=24, primary_key=True)  # 16.71.02/2017-09-07
    office = models.CharField(max_length=10)
    day = models.CharField(max_length=10)
    at = models.CharField(max_length=27)
    hash = models.CharField(max_length=64)
    chain = models.CharField(max_length=60)
    seq = models.BigIntegerField()
    officer = models.CharField(max_length=40)
    facts = models.JSONField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["office", "day"], name="blanko_day_office")]

    def __str__(self) -> str:
        return self.key


class OpenBooks(models.Model):
    """Guard: the books of an office are opened once, also from two windows at the same moment."""

    office = models.CharField(max_length=10, primary_key=True)

    def __str__(self) -> str:
        return self.office


LOCAL = {"openbooks"}
