"""Tables of the register.

Projected from entries: offices, officers, suspensions. Local: what travels as a snapshot by hash
(wilayah, families, residents) and what never leaves a server (credentials, misses, marks).
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Wilayah(models.Model):
    """One area of the four levels, with all its spellings."""

    code = models.CharField(max_length=13, primary_key=True)
    level = models.SmallIntegerField()
    name = models.CharField(max_length=80)  # everyday: Seberang Ulu I
    nama_baku = models.CharField(max_length=80)  # the decree's: Seberang Ulu Satu
    aliases = models.TextField()  # further spellings, between bars
    keys = models.TextField()  # |seberangulu1|seberangulusatu|, see rules.spelling
    post_code = models.CharField(max_length=5)
    decree = models.CharField(max_length=60)
    valid_from = models.DateField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(level__gte=1, level__lte=4), name="register_wilayah_level"
            )
        ]

    def __str__(self) -> str:
        return self.code


class Family(models.Model):
    """A family card (KK)."""

    no_kk = models.CharField(max_length=16, primary_key=True)
    kelurahan = models.CharField(max_length=13)

    def __str__(self) -> str:  # A log must not carry a whole number.
        return f"family {self.no_kk[:6]}******{self.no_kk[-4:]}"


class Resident(models.Model):
    """A person in the register. Parents' NIK and disability are never held."""

    id = models.CharField(max_length=36, primary_key=True)
    nik = models.CharField(max_length=16)
    family = models.ForeignKey(Family, on_delete=models.PROTECT, db_column="no_kk")
    name = models.CharField(max_length=60)
    birth_place = models.CharField(max_length=60)
    born = models.DateField()
    is_female = models.BooleanField()
    religion = models.SmallIntegerField(null=True)
    marital = models.SmallIntegerField()
    blood = models.SmallIntegerField()
    shdk = models.SmallIntegerField(null=True)
    education = models.SmallIntegerField(null=True)
    occupation = models.SmallIntegerField()
    nationality = models.SmallIntegerField()
    base_status = models.SmallIntegerField()
    address = models.CharField(max_length=120)
    rt = models.CharField(max_length=3)
    rw = models.CharField(max_length=3)
    kelurahan = models.CharField(max_length=13)
    has_legacy_card = models.BooleanField()
    warnings = models.CharField(max_length=160)  # comma between them
    is_sample = models.BooleanField()
    #: The import or snapshot that wrote the row last: tells a NIK that stands twice in one file.
    run = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["nik"], name="register_one_resident_a_nik")
        ]
        indexes: ClassVar = [models.Index(fields=["kelurahan"], name="register_resident_place")]

    def __str__(self) -> str:
        return self.id


class Office(models.Model):
    """An office as its dinas or the pusat described it last (`told_*`: that entry's place)."""

    code = models.CharField(max_length=10, primary_key=True)
    name = models.CharField(max_length=120)
    hosted_by = models.CharField(max_length=10, blank=True)
    capabilities = models.JSONField(default=list)
    prints_from = models.DateField(null=True)
    told_at = models.CharField(max_length=27)
    told_seq = models.BigIntegerField()
    told_hash = models.CharField(max_length=64)

    def __str__(self) -> str:
        return self.code


class OfficeCopy(models.Model):
    """An office as the register snapshot told it to a kecamatan, which projects none."""

    code = models.CharField(max_length=10, primary_key=True)
    name = models.CharField(max_length=120)
    hosted_by = models.CharField(max_length=10, blank=True)
    capabilities = models.JSONField(default=list)
    prints_from = models.DateField(null=True)

    def __str__(self) -> str:
        return self.code


class Officer(models.Model):
    """Somebody's rights as granted last (`granted_*`: that entry's place)."""

    id = models.CharField(max_length=36, primary_key=True)
    office = models.CharField(max_length=10)
    login = models.CharField(max_length=40)
    name = models.CharField(max_length=100)
    nik = models.CharField(max_length=16, blank=True)
    roles = models.JSONField(default=list)
    until = models.DateField()
    lifts = models.JSONField(default=list)  # hashes of the suspensions that this grant ends
    granted_at = models.CharField(max_length=27)
    granted_seq = models.BigIntegerField()
    granted_hash = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["office", "login"], name="register_officer_login")
        ]

    def __str__(self) -> str:
        return self.id


class Suspension(models.Model):
    """A suspension as it was said; it may come before its grant, so whoever reads judges it."""

    hash = models.CharField(max_length=64, primary_key=True)
    officer = models.CharField(max_length=36, db_index=True)
    origin = models.CharField(max_length=10)

    def __str__(self) -> str:
        return self.hash


class Credential(models.Model):
    """How an officer proves who they are, at this server only."""

    officer = models.CharField(max_length=36, primary_key=True)
    password = models.CharField(max_length=200, blank=True)
    token = models.CharField(max_length=64, null=True, unique=True)  # SHA-256 of the token

    def __str__(self) -> str:
        return self.officer


class SignInMiss(models.Model):
    """Failed tries in a row for one login, by wall time."""

    login = models.CharField(max_length=60, primary_key=True)
    misses = models.IntegerField()
    last_at = models.CharField(max_length=27, db_index=True)

    def __str__(self) -> str:
        return self.login


class PublicMiss(models.Model):
    """Wrong pairs of numbers asked on the public page in one hour of wall time, by what they share.

    `key` is the hour and the scope. A NIK stands there by its hash only, and rows go after a day.
    """

    key = models.CharField(max_length=100, primary_key=True)
    hour = models.CharField(max_length=13, db_index=True)  # 2017-09-07T01
    misses = models.IntegerField()

    def __str__(self) -> str:
        return self.key


class RegisterMark(models.Model):
    """Small local facts: the number of the last import, the hash of the last snapshot loaded."""

    key = models.CharField(max_length=30, primary_key=True)
    value = models.CharField(max_length=200)

    def __str__(self) -> str:
        return self.key


class Snapshot(models.Model):
    """The register of one office, made ready to be fetched; `basis` says what it was made from."""

    office = models.CharField(max_length=10, primary_key=True)
    basis = models.CharField(max_length=200)
    hash = models.CharField(max_length=64)
    content = models.BinaryField()

    def __str__(self) -> str:
        return self.office


LOCAL = {
    "wilayah", "family", "resident", "officecopy", "credential", "signinmiss", "registermark",
    "snapshot", "publicmiss",
}  # fmt: skip
