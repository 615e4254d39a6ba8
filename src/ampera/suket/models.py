"""Tables of the sukets: one row each, one group of columns a fact; the keys; two local guards."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Suket(models.Model):
    """One interim letter. The personal part is empty once its retention has ended."""

    suket = models.CharField(max_length=40, primary_key=True)
    number = models.CharField(max_length=60, default="")
    year = models.IntegerField(default=0)
    n = models.IntegerField(default=0)
    request = models.CharField(max_length=40, default="")
    resident = models.CharField(max_length=40, default="")
    status = models.CharField(max_length=40, default="")
    letter = models.CharField(max_length=200, default="")
    issued_at = models.CharField(max_length=27, default="")
    issued_by = models.CharField(max_length=40, default="")
    valid_from = models.CharField(max_length=10, default="")
    #: The furthest day that the letter or an extension of it names.
    valid_until = models.CharField(max_length=10, default="")
    extensions = models.IntegerField(default=0)
    copies = models.IntegerField(default=0)
    withdrawn_at = models.CharField(max_length=27, default="")
    withdrawn_why = models.CharField(max_length=20, default="")
    converted_at = models.CharField(max_length=27, default="")
    card = models.CharField(max_length=40, default="")
    nik = models.CharField(max_length=16, default="")
    nama = models.CharField(max_length=120, default="")
    tempat_lahir = models.CharField(max_length=120, default="")
    tanggal_lahir = models.CharField(max_length=10, default="")
    jenis_kelamin = models.CharField(max_length=20, default="")
    alamat = models.CharField(max_length=400, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["resident"], name="suket_resident"),
            models.Index(fields=["request"], name="suket_request"),
            models.Index(
                fields=["valid_until"],
                name="suket_in_force",
                condition=models.Q(withdrawn_at="", converted_at=""),
            ),
        ]


class LetterKey(models.Model):
    """A public key of this dinas. Old ones stay: papers signed with them are about."""

    key = models.CharField(max_length=16, primary_key=True)
    public = models.CharField(max_length=64)
    begun_at = models.CharField(max_length=27)


class Series(models.Model):
    """The last number given in a year: whoever moves it on has the next one."""

    year = models.IntegerField(primary_key=True)
    last = models.IntegerField(default=0)


class NewestOf(models.Model):
    """The newest suket of a resident: two windows cannot both write the next one."""

    resident = models.CharField(max_length=40, primary_key=True)
    suket = models.CharField(max_length=40)


class WrongCodes(models.Model):
    """How many codes shown in an hour (wall time) were none of ours: the public page's ceiling."""

    hour = models.CharField(max_length=13, primary_key=True)
    codes = models.IntegerField(default=0)


LOCAL = {"series", "newestof", "wrongcodes"}
