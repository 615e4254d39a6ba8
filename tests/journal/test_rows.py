"""Rows by statements made once read and write the same as the ORM does, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from ampera.journal import sql
from ampera.journal.rows import rows_of
from ampera.printing.models import JobTrack, Once, PrinterNow, PrinterPace
from ampera.readiness.models import PermitHold, Word

AT = datetime(2026, 3, 2, 1, 2, 3, 456789, tzinfo=UTC)
NOW = {
    "printer": "16.71",
    "is_reachable": True,
    "reasons": ["media-jam"],
    "supplies": {"ink-ribbon": 0, "film": None},
    "waits_facts": {},
    "looked_at": AT,
    "up_time_seconds": 2**40,
}


def _as_dict(row):
    return {each.attname: getattr(row, each.attname) for each in row._meta.concrete_fields}


def test_a_row_that_the_orm_wrote_reads_the_same(django_database):
    PrinterNow.objects.create(**NOW)
    assert _as_dict(rows_of(PrinterNow).get("16.71")) == _as_dict(PrinterNow.objects.get())


def test_the_orm_reads_what_was_put_with_defaults_in_all_other_columns(django_database):
    rows_of(PrinterNow).put(**NOW)
    PrinterPace.objects.all().delete()
    assert _as_dict(PrinterNow.objects.get()) == _as_dict(PrinterNow(**NOW))


def test_an_empty_list_read_twice_is_two_lists(django_database):
    rows_of(PrinterNow).put(printer="16.71")
    one, two = (rows_of(PrinterNow).get("16.71") for _ in range(2))
    one.reasons.append("media-jam")
    assert two.reasons == []


def test_putting_again_changes_the_named_columns_only(django_database):
    rows_of(PrinterNow).put(**NOW)
    rows_of(PrinterNow).put(printer="16.71", message="jam")
    row = rows_of(PrinterNow).get("16.71")
    assert (row.message, row.reasons, row.looked_at) == ("jam", ["media-jam"], AT)


def test_a_row_that_was_read_can_be_saved_by_the_orm(django_database):
    rows_of(PrinterNow).put(**NOW)
    row = rows_of(PrinterNow).get("16.71")
    row.misses = 3
    row.save(update_fields=["misses"])
    assert PrinterNow.objects.get().misses == 3


def test_a_key_that_is_taken_is_an_integrity_error(django_database):
    rows_of(Once).add(what="end of att_1")
    with pytest.raises(IntegrityError), transaction.atomic():
        rows_of(Once).add(what="end of att_1")
    assert Once.objects.count() == 1


def test_only_the_first_of_two_is_new(django_database):
    told = {"card": "", "permit": "", "attempt": "", "said": "READY", "origin": "16.71", "at": ""}
    assert rows_of(Word).add_if_new(key="k", **told)
    assert not rows_of(Word).add_if_new(key="k", **{**told, "said": "REJECTED"})
    assert Word.objects.get().said == "READY"


def test_changing_says_whether_there_was_such_a_row(django_database):
    rows_of(PermitHold).add(permit="prm_1", attempt="att_1")
    assert rows_of(PermitHold).change("prm_1", is_spent=True)
    assert not rows_of(PermitHold).change("prm_2", is_spent=True)
    assert PermitHold.objects.get().is_spent is True


def test_rows_are_found_by_a_time(django_database):
    for number in (1, 2):
        JobTrack.objects.create(
            attempt=f"att_{number}", printer="p", phase="sent", sent_at=AT.replace(minute=number)
        )
    since = rows_of(JobTrack).stored("sent_at", AT.replace(minute=2))
    found = rows_of(JobTrack).where("sent_at >= %s ORDER BY attempt", since)
    assert [(row.attempt, row.sent_at.minute) for row in found] == [("att_2", 2)]


def test_who_listens_hears_every_statement_of_a_transaction(django_database):
    with CaptureQueriesContext(connection) as heard, transaction.atomic():
        rows_of(Once).add(what="heard")
    assert any("printing_once" in each["sql"] for each in heard.captured_queries)


def test_what_was_written_in_a_transaction_goes_with_it(django_database):
    with transaction.atomic():
        rows_of(Once).add(what="gone")
        assert sql.write("UPDATE printing_once SET what = what WHERE what = %s", "gone") == 1
        transaction.set_rollback(True)
    assert rows_of(Once).get("gone") is None


def test_nothing_is_written_after_a_transaction_has_broken(django_database):
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(transaction.TransactionManagementError):
            rows_of(Once).add(what="too late")
