"""What another server sends and must not have effect: forged, torn, replayed, or not its to say.

Each promise of the post alone stands in tests/contracts; here the stations' own entries travel.
"""

from __future__ import annotations

import http.client
import json
from random import Random

import pytest
from django.apps import apps
from django.db import connection

from ampera.journal.alarms import open_alarms
from ampera.journal.entry import ChainName, ChainType, seal
from ampera.journal.models import EntryRow, EntryState
from ampera.journal.queries import part_after
from ampera.journal.receiving import ChainPart, place_of, receive_part
from ampera.sync.courier import run_courier
from ampera.tiers.authority import AUTHORITY
from ampera.words import OfficeCode, Refusal, Tier
from tests.api.city import DINAS, SU1
from tests.contracts.test_link_http import PATH, message, signed
from tests.recordings import a_resident, taken
from tests.sync.province import write_many

UP = ChainName(OfficeCode(SU1), "up", 1)
#: Every kind that is written somewhere in the line, and by no kecamatan in its own chain.
NOT_A_KECAMATANS = sorted(
    {row.kind for row in AUTHORITY}
    - {row.kind for row in AUTHORITY if row.writer is Tier.KECAMATAN and row.chain is ChainType.UP}
)
STATIONS = (
    "register",
    "intake",
    "enrolment",
    "dedup",
    "readiness",
    "blanko",
    "printing",
    "delivery",
)


def station_rows() -> dict[str, int]:
    return {
        model._meta.label: model.objects.count()
        for model in apps.get_models()
        if model._meta.app_label in STATIONS
    }


def signed_by(offices, code: str, entries) -> ChainPart:
    key, last = offices._houses[code].key, entries[-1]
    return ChainPart(UP, tuple(entries), (key.sign_head(UP, last.seq, last.hash),))


@pytest.fixture
def chain(offices):
    """Requests that the kecamatan took and the dinas has not heard of."""
    for number in range(1, 5):
        taken(offices, a_resident(number), at=SU1)
    with offices.at(SU1):
        return part_after(UP, 0, most=50)


# --- a batch with a gap, a wrong signature ------------------------------------------------------


@pytest.mark.parametrize("hole", [0, 1, 4])
def test_of_a_batch_with_a_gap_nothing_is_taken(offices, chain, hole):
    entries = [each for number, each in enumerate(chain.entries) if number != hole]
    with offices.at(DINAS):
        before = station_rows()
        no = receive_part(signed_by(offices, SU1, entries))
        assert no == Refusal("post.gap", seq=0)
        assert no.text("id")
        assert station_rows() == before
        assert not EntryRow.objects.exists()
        assert receive_part(chain).seq == len(chain.entries)


def test_a_batch_signed_by_another_office_or_by_nobody_is_not_taken(offices, chain):
    with offices.at(DINAS):
        for forged in (
            signed_by(offices, "16.71.06", chain.entries),
            ChainPart(UP, chain.entries, ()),
            ChainPart(UP, chain.entries[:-1], chain.signatures),
        ):
            assert receive_part(forged) == Refusal("post.bad_signature", chain=str(UP))
        assert not EntryRow.objects.exists()


# --- a kind that its origin may not write -------------------------------------------------------


@pytest.mark.parametrize("kind", NOT_A_KECAMATANS)
def test_what_a_kecamatan_may_not_say_is_kept_shown_and_has_no_effect(offices, chain, kind):
    """Signed and gapless: a stolen server that grants itself permits, verdicts, officers."""
    facts = {name: f"{name}_x" for name in ("request", "resident", "permit", "card", "officer")}
    end = chain.entries[-1]
    forged = seal(
        after=(end.seq, end.hash),
        chain=UP,
        about=(kind, facts["request"]),
        by=("off_x", "cmd_x"),
        at=end.at,
        content=(facts, "", None),
    )
    with offices.at(DINAS):
        receive_part(chain)
        before = station_rows()
        assert receive_part(signed_by(offices, SU1, [forged])).seq == forged.seq
        assert EntryRow.objects.get(hash=forged.hash).state == EntryState.NOT_MINE
        assert station_rows() == before
        assert any(kind in text for _, text in open_alarms())
    offices.post()
    with offices.at("00"):
        assert EntryRow.objects.get(hash=forged.hash).state in (
            EntryState.NOT_MINE,
            EntryState.PROJECTED,
        ), "relayed as it came: the pusat sees what was tried"
        assert place_of(UP).seq >= forged.seq


# --- a replayed request -------------------------------------------------------------------------


def everything() -> dict[str, list]:
    """All rows of all tables, as the database has them."""
    with connection.cursor() as cursor:
        names = [each for each in connection.introspection.table_names(cursor)]
        return {
            name: cursor.execute(f"SELECT * FROM {name} ORDER BY 1").fetchall() for name in names
        }


def test_a_whole_day_of_requests_replayed_in_any_order_changes_nothing(line, monkeypatch):
    """Somebody who reads the line sends every request again, byte for byte, weeks later."""
    heard = []
    once = line.link._once
    monkeypatch.setattr(line.link, "_once", lambda call: (heard.append(call), once(call))[1])
    now = line.offices.wall
    for day in range(4):
        with line.sending():
            write_many(f"req_{day}_", count=3)
            run_courier(line.link, now=now.replace(hour=1 + day))
    assert len(heard) >= 4
    with line.receiving():
        before = everything()
    again = heard * 3
    Random(7).shuffle(again)
    statuses = {replayed(line, call) for call in again}
    assert statuses == {200}
    with line.receiving():
        assert everything() == before
    with line.sending():
        write_many("req_after", count=1)
        run_courier(line.link, now=now.replace(hour=9))
    with line.receiving():
        assert place_of(UP).seq == 13


def test_a_request_of_a_closed_life_replayed_is_refused(line):
    from ampera.journal.incarnations import close_incarnation

    body = message(line)
    headers = signed(line, body)
    with line.receiving():
        close_incarnation(OfficeCode(SU1), number=1)
    host, port = line.link.address.removeprefix("http://").split(":")
    connection_ = http.client.HTTPConnection(host, int(port), timeout=10)
    connection_.request("POST", PATH, body=body, headers=headers)
    reply = connection_.getresponse()
    told = json.loads(reply.read())
    connection_.close()
    assert (reply.status, told["code"]) == (403, "post.closed")
    with line.receiving():
        assert not EntryRow.objects.exists()


def replayed(pair, call) -> int:
    host, port = pair.link.address.removeprefix("http://").split(":")
    other = http.client.HTTPConnection(host, int(port), timeout=10)
    other.request(call.method, call.target, body=call.body, headers=call.headers)
    reply = other.getresponse()
    reply.read()
    other.close()
    return reply.status
