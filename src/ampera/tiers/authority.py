"""Who may write what, in which chain, and where it is projected. One table; the rest of the house
obeys it.

An entry that no row allows is stored, verified, relayed and not projected, with an alarm.
Uniqueness and
mandates belong to the pusat; permits and card validity to the mandate's dinas; allotments to the
tier above;
capture, printing, spoilage and handover to the office where they happen (architecture §3).
"""

from __future__ import annotations

from typing import Final

from ampera.journal.entry import ChainType
from ampera.journal.registry import Row
from ampera.words.office import Tier

_K: Final = Tier.KECAMATAN
_D: Final = Tier.DINAS
_P: Final = Tier.PUSAT
_UP: Final = ChainType.UP
_DOWN: Final = ChainType.DOWN
_AUDIT: Final = ChainType.AUDIT

_IDENTITY: Final = "nik, no_kk, nama, tanggal_lahir, contact"
_PRINTED: Final = "the printed fields"
_CARRIER: Final = "name and paper of who carries"
_TEN_YEARS: Final = "10 years after handover"


def _at_the_counter(
    kind: str, projected_at: str, *, body: str = "", retention: str = "", barred: bool = False
) -> list[Row]:
    """What a kecamatan does, and a dinas at its own counter does just so."""
    dinas_projects = projected_at.replace("K", "")
    return [
        Row(kind, _K, _UP, projected_at, body=body, retention=retention, barred=barred),
        Row(kind, _D, _UP, dinas_projects, body=body, retention=retention, barred=barred),
    ]


def _moved_between(
    kind: str, *, body: str = "", retention: str = "", barred: bool = False
) -> list[Row]:
    """What travels between a kecamatan and its dinas: each tells it where the other reads it."""
    return [
        Row(kind, _K, _UP, "KD", body=body, retention=retention, barred=barred),
        Row(kind, _D, _DOWN, "KD", body=body, retention=retention, barred=barred),
    ]


def _from_dinas_to_office(
    kind: str, *, body: str = "", retention: str = "", barred: bool = False
) -> list[Row]:
    """What a dinas decides for an office, itself included."""
    return [
        Row(kind, _D, _DOWN, "KD", body=body, retention=retention, barred=barred),
        Row(kind, _D, _UP, "D", body=body, retention=retention, barred=barred),
    ]


def _from_centre_retold(kind: str, *, body: str = "", retention: str = "") -> list[Row]:
    """What the pusat decides for a dinas, and the dinas re-tells to the office concerned."""
    return [
        Row(kind, _P, _DOWN, "PD", body=body, retention=retention),
        Row(kind, _D, _DOWN, "K", retelling=True),
    ]


def _moved_in_a_queue(kind: str, *, body: str = "") -> list[Row]:
    """Said where the request is served; the dinas, which grants, tells the office whose queue it
    is."""
    kept = "2 years after the grant" if body else ""
    return [
        Row(kind, _K, _UP, "KD", body=body, retention=kept),
        Row(kind, _D, _UP, "D", body=body, retention=kept),
        Row(kind, _D, _DOWN, "KD", body=body, retention=kept),
    ]


AUTHORITY: Final[tuple[Row, ...]] = (
    # Servers, offices, officers: rights come from the tier above.
    Row("server.joined/1", _K, _UP, "KD"),
    Row("server.joined/1", _D, _UP, "DP"),
    Row("server.joined/1", _P, _UP, "P"),
    Row("office.described/1", _D, _UP, "DP"),
    Row("office.described/1", _P, _UP, "P"),
    Row("officer.granted/1", _P, _UP, "P", body="name", retention="5 years after the right ends"),
    Row(
        "officer.granted/1", _P, _DOWN, "PD", body="name", retention="5 years after the right ends"
    ),
    Row(
        "officer.granted/1", _D, _DOWN, "DK", body="name", retention="5 years after the right ends"
    ),
    Row("officer.suspended/1", _P, _UP, "P"),
    Row("officer.suspended/1", _P, _DOWN, "PD"),
    Row("officer.suspended/1", _D, _DOWN, "DK"),
    # Any office may suspend its own officer at once; nobody may grant there.
    Row("officer.suspended/1", _D, _UP, "DP"),
    Row("officer.suspended/1", _K, _UP, "KD"),
    Row("look.recorded/1", _K, _AUDIT, ""),
    Row("look.recorded/1", _D, _AUDIT, ""),
    Row("look.recorded/1", _P, _AUDIT, ""),
    # Intake.
    *_at_the_counter(
        "request.taken/1",
        "KDP",
        body=f"{_IDENTITY}, the police's letter",
        retention=_TEN_YEARS,
    ),
    *_at_the_counter("request.completed/1", "KD"),
    *_at_the_counter("request.handed_on/1", "KD"),
    *_from_dinas_to_office("request.confirmed/1"),
    *_from_dinas_to_office("request.rejected/1"),
    # Enrolment and uniqueness.
    *_at_the_counter(
        "enrolment.captured/1", "KDP", body=f"nik, {_PRINTED}, printable_from", retention=_TEN_YEARS
    ),
    *_from_centre_retold("enrolment.received/1"),
    # For a replacement: did anybody record the resident?
    *_from_centre_retold("enrolment.looked_up/1"),
    *_at_the_counter("enrolment.purged/1", "KD"),
    *_from_centre_retold("dedup.decided/1"),
    # Mandates and permits.
    Row("mandate.given/1", _P, _DOWN, "PD", body="printable_from", retention="until handover"),
    *_from_dinas_to_office(
        "permit.granted/1", body=_PRINTED, retention="until handover", barred=True
    ),
    *_from_dinas_to_office("permit.renewed/1"),
    *_from_dinas_to_office("permit.recalled/1"),
    *_from_dinas_to_office("permit.forfeited/1"),
    # Server, printers and every blank of an office in custody, and given back: the office is told.
    Row("office.seized/1", _D, _DOWN, "KD", barred=True),
    Row("office.released/1", _D, _DOWN, "KD", barred=True),
    *_at_the_counter("permit.returned/1", "KD"),
    # Printing and delivery happen where they happen.
    *_at_the_counter("attempt.opened/1", "KD", barred=True),
    *_at_the_counter("attempt.ended/1", "KD"),
    *_at_the_counter("attempt.settled/1", "KD"),
    # A card came out on another blanko than the books said; nobody guesses in a quarantine.
    *_at_the_counter("attempt.corrected/1", "KD", barred=True),
    *_at_the_counter("printer.emptied/1", "KD"),
    *_at_the_counter("card.checked/1", "KD"),
    # The repair log: how long a printer stood still and why, measured by the print agent.
    *_at_the_counter("printer.down/1", "KD"),
    *_at_the_counter("printer.up/1", "KD"),
    *_at_the_counter("supply.changed/1", "KD"),
    *_at_the_counter("printer.repaired/1", "KD"),
    *_at_the_counter("chip.bound/1", "KD"),
    *_at_the_counter("card.encoded/1", "KD"),
    # One holder per finished card: counter, bundle, lurah, courier, and back.
    *_at_the_counter("bundle.sealed/1", "KD", barred=True),
    *_at_the_counter(
        "bundle.handed_out/1",
        "KD",
        body="carrier's name and paper",
        retention="5 years",
        barred=True,
    ),
    *_at_the_counter("card.passed/1", "KD"),
    *_at_the_counter("card.undelivered/1", "KD", body="note", retention="5 years"),
    *_at_the_counter(
        "card.handed_over/1",
        "KDP",
        body="proxy_name, note",
        retention="5 years after handover",
        barred=True,
    ),
    Row("card.imported/1", _D, _UP, "DP"),
    Row("card.voided/1", _D, _UP, "DP", body="document", retention=_TEN_YEARS),
    Row("card.voided/1", _D, _DOWN, "KD", body="document", retention=_TEN_YEARS),
    # Record, but do not hand over: told to every office that may have the card.
    *_from_dinas_to_office(
        "hold.placed/1", body="owner, basis", retention="2 years after the hold ends"
    ),
    *_from_dinas_to_office("hold.lifted/1", body="basis", retention="2 years after the hold ends"),
    # Interim letters are the dinas's alone; the pusat holds the chain and projects nothing of it.
    Row(
        "suket.issued/1",
        _D,
        _UP,
        "D",
        barred=True,
        body="nik, nama, tempat_lahir, tanggal_lahir, jenis_kelamin, alamat",
        retention="1 year after it ends",
    ),
    Row("suket.extended/1", _D, _UP, "D", barred=True),
    Row("suket.printed/1", _D, _UP, "D", barred=True),
    Row("suket.withdrawn/1", _D, _UP, "D"),
    Row("suket.converted/1", _D, _UP, "D"),
    Row("suket.key_begun/1", _D, _UP, "D"),
    # Who comes before others in a queue: said by two at the dinas, or at the office that serves.
    *_moved_in_a_queue("queue.urged/1", body="note on the evidence"),
    *_moved_in_a_queue("queue.jumped/1", body="note on the evidence"),
    *_moved_in_a_queue("queue.undone/1"),
    # One office's cards printed at another: both are told, and the first one of each of its cards.
    Row("printing.lent/1", _D, _DOWN, "KD", barred=True),
    Row("printing.lending_ended/1", _D, _DOWN, "KD"),
    Row("permit.lent/1", _D, _DOWN, "K"),
    Row("permit.told/1", _D, _DOWN, "K"),
    # A day promised at the office that works on the request.
    *_at_the_counter("appointment.made/1", "KD"),
    *_at_the_counter("appointment.moved/1", "KD"),
    *_at_the_counter("appointment.cancelled/1", "KD"),
    *_at_the_counter("appointment.missed/1", "KD"),
    # After a restore: what may have been printed in the lost tail is not printed again.
    *_at_the_counter("permit.suspected/1", "KD"),
    # When the way up was cut: evidence for the clock of the requests (Permendagri 19/2018 art. 3).
    Row("line.was_down/1", _K, _UP, "KD"),
    Row("line.was_down/1", _D, _UP, "D"),
    # Who is to get how many blanko, proposed and decided; the moves themselves are the books'.
    Row("allocation.proposed/1", _D, _UP, "D"),
    Row("allocation.decided/1", _D, _UP, "D"),
    Row("allocation.proposed/1", _P, _UP, "P"),
    Row("allocation.decided/1", _P, _UP, "P"),
    # Letters of the dinas to the centre that ask for blanks, and what the centre says to them.
    Row("supply.requested/1", _D, _UP, "DP"),
    Row("supply.sent/1", _D, _UP, "DP"),
    Row("supply.dropped/1", _D, _UP, "DP"),
    Row("supply.answered/1", _D, _UP, "DP"),
    Row("supply.received/1", _D, _UP, "DP"),
    Row("supply.granted/1", _P, _DOWN, "PD"),
    # Withdrawn cards, and batches of what was destroyed.
    *_at_the_counter(
        "withdrawal.taken_in/1", "KD", body="brought_by", retention="2 years after it came in"
    ),
    *_at_the_counter("withdrawal.given_back/1", "KD"),
    # Packages of withdrawn cards: told by who sends in the chain that reaches who receives.
    *_moved_between(
        "withdrawal.sent/1", body="the courier's name", retention="2 years", barred=True
    ),
    *_moved_between("withdrawal.received/1"),
    Row("withdrawal.settled/1", _D, _DOWN, "KD"),
    *_at_the_counter("withdrawal.counted/1", "KD"),
    *_at_the_counter("withdrawal.count_dropped/1", "KD"),
    *_at_the_counter("withdrawal.surplus_settled/1", "KD"),
    *_at_the_counter(
        "destruction.done/1",
        "KDP",
        body="names of the witnesses",
        retention="10 years",
        barred=True,
    ),
    # Blanks: a server projects those of itself and of its direct children.
    Row("blanko.counted/1", _K, _UP, "KD"),
    Row("blanko.counted/1", _D, _UP, "DP"),
    Row("blanko.counted/1", _P, _UP, "P"),
    # Two officers counted and closed the day; nobody closes a day whose books may lack their end.
    Row("blanko.day_closed/1", _K, _UP, "KDP", barred=True),
    Row("blanko.day_closed/1", _D, _UP, "DP", barred=True),
    Row("blanko.day_closed/1", _P, _UP, "P", barred=True),
    Row("blanko.moved/1", _K, _UP, "KD", body=_CARRIER, retention="2 years"),
    Row("blanko.moved/1", _D, _UP, "DP", body=_CARRIER, retention="2 years"),
    # The pusat sees what leaves a dinas for a kecamatan; what happens there it does not count.
    Row("blanko.moved/1", _D, _DOWN, "DKP", body=_CARRIER, retention="2 years"),
    Row("blanko.moved/1", _P, _UP, "P", body=_CARRIER, retention="2 years"),
    Row("blanko.moved/1", _P, _DOWN, "PD", body=_CARRIER, retention="2 years"),
)


def reference_page() -> str:
    """`docs/reference/entries.md`: every kind, made from the table above."""
    lines = [
        "# Entries",
        "",
        "Every kind that this release writes. The page is made from `tiers/authority.py`"
        " (`make docs`); a test holds it to the code. K = kecamatan, D = dinas, P = pusat.",
        "",
        "| kind | written by | in its chain | projected at | re-told | while quarantined"
        " | personal data in the body | kept |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for row in sorted(AUTHORITY, key=lambda row: (row.kind, row.writer, row.chain)):
        cells = (
            f"`{row.kind}`",
            row.writer.value,
            row.chain.value,
            " ".join(row.projected_at) or "–",
            "names its original" if row.retelling else "–",
            "barred" if row.barred else "goes on",
            row.body or "–",
            row.retention or "–",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"
