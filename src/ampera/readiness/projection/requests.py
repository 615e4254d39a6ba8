"""Requests, enrolments, verdicts and mandates: what makes a resident's record ready to print."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ampera.journal.entry import Entry
from ampera.readiness.models import Asked, Captured, Record, Verdict
from ampera.readiness.projection.refreshing import hold, rank_of, refresh
from ampera.words.clock import utc_text
from ampera.words.reason import Reason


def request_taken(entry: Entry) -> None:
    facts, body = entry.facts, entry.body or {}
    told = {
        "resident": facts["resident"],
        "reason": Reason(facts["reason"]).value,
        "home": facts["home"],
        "host": facts["host"],
        "waiting_since": utc_text(entry.at),
        "nik": body.get("nik") or "",
        "nama": body.get("nama") or "",
    }
    hold(facts["resident"])
    _tell(facts["request"], told=told, rank=rank_of(entry, weight=0))


def _tell(request: str, *, told: Mapping[str, str], rank: str) -> None:
    """The counter that took the request is believed before the centre's mandate about it. The
    caller holds the resident."""
    known, is_new = Asked.objects.get_or_create(pk=request, defaults={**told, "rank": rank})
    before = known.resident
    if not is_new and (known.rank == "" or rank < known.rank):
        Asked.objects.filter(pk=request).update(
            **{"host": "", "nik": "", "nama": "", **told}, rank=rank
        )
    refresh(told["resident"])
    if before != told["resident"]:
        hold(before)
        refresh(before)


def request_confirmed(entry: Entry) -> None:
    _mark(entry, is_confirmed=True)


def request_rejected(entry: Entry) -> None:
    _mark(entry, is_rejected=True)


def request_handed_on(entry: Entry) -> None:
    """The latest word on who serves the request stands."""
    known = _held(entry.facts["request"])
    rank = rank_of(entry, weight=0)
    if rank > known.handed_rank:
        _mark(entry, handed_to=entry.facts["to"], handed_rank=rank)


def _mark(entry: Entry, **marks: Any) -> None:
    known = _held(entry.facts["request"])
    Asked.objects.filter(pk=known.pk).update(**marks)
    refresh(known.resident)


def _held(request: str) -> Asked:
    """The request as it stands once nobody else writes about its resident."""
    known, _ = Asked.objects.get_or_create(pk=request)
    hold(known.resident)
    return Asked.objects.get(pk=request)


def enrolment_captured(entry: Entry) -> None:
    facts, body = entry.facts, entry.body or {}
    hold(facts["resident"])
    Captured.objects.get_or_create(
        enrolment=facts["enrolment"],
        defaults={
            "request": facts["request"],
            "resident": facts["resident"],
            "version": facts["version"],
            "printable_from": body.get("printable_from") or "",
        },
    )
    refresh(facts["resident"])


def dedup_decided(entry: Entry) -> None:
    facts = entry.facts
    order = facts.get("order") or 0
    Verdict.objects.get_or_create(
        key=f"{facts['enrolment']}#{order}",
        defaults={
            "enrolment": facts["enrolment"],
            "request": facts.get("request") or "",
            "resident": facts.get("resident") or "",
            "verdict": facts["verdict"],
            "order": order,
            "hash": entry.hash,
        },
    )


def mandate_given(entry: Entry) -> None:
    """The dinas that this chain is written for may print the record; the latest word stands."""
    facts, body = entry.facts, entry.body or {}
    place = (utc_text(entry.at), entry.seq, entry.hash)
    hold(facts["resident"])
    known = Record.objects.filter(pk=facts["enrolment"]).values_list("at", "seq", "hash").first()
    record = {
        "mandate": facts["mandate"],
        "resident": facts["resident"],
        "request": facts["request"],
        "version": facts["version"],
        "dinas": str(entry.chain.addressee or ""),
        "printable_from": body.get("printable_from") or "",
        "at": place[0],
        "seq": place[1],
        "hash": place[2],
    }
    if known is None:
        Record.objects.create(enrolment=facts["enrolment"], **record)
    elif known < place:
        Record.objects.filter(pk=facts["enrolment"]).update(**record)
    told = {
        "resident": facts["resident"],
        "reason": Reason(facts["reason"]).value,
        "home": facts["home"],
        "waiting_since": place[0],
    }
    _tell(facts["request"], told=told, rank=rank_of(entry, weight=1))
