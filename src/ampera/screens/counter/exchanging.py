"""Two persons read another serial on a card than the books have: the two blanks change places."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from ampera.blanko.queries import held, is_found_ruined, whereis
from ampera.blanko.rules import Account, account_of, check_exchange, stock_of
from ampera.journal.house import house
from ampera.printing.actions import exchange_blanko
from ampera.printing.queries import attempt_seen, holder_of
from ampera.printing.rules.attempts import AttemptSeen, AttemptState
from ampera.register.queries import Action, OfficerSeen
from ampera.screens.shell import command_of, done, needs, show, show_refusal, witness_of
from ampera.screens.wording import word_for
from ampera.withdrawal.queries import why_kept_in_batch
from ampera.words.refusal import Refusal

_LENGTH_MAX: Final = 40
_PAGE: Final = "screens/counter/exchange.html"


@needs(Action.CARD_CHECK, Action.CARD_SETTLE)
@require_http_methods(["GET", "POST"])
def exchange(request: HttpRequest, officer: OfficerSeen, *, attempt: str) -> HttpResponse:
    """First the serial, twice; then what will happen; then both officers say it."""
    seen = _attempt_here(attempt)
    if isinstance(seen, Refusal):
        return show_refusal(request, seen, back=reverse("cetak"))
    if request.method == "GET":
        return show(request, _PAGE, seen=seen, back=_back(seen))
    here = reverse("nomor_lain", args=[attempt])
    typed = [request.POST.get(name, "").strip().upper() for name in ("serial", "again")]
    if typed[0] != typed[1] or not typed[0] or len(typed[0]) > _LENGTH_MAX:
        return show_refusal(request, Refusal("printing.serials_typed_differ"), back=here)
    if (no := _cannot(seen, typed[0])) is not None:
        return show_refusal(request, no, back=here)
    if request.POST.get("step") != "tukar":
        return _preview(request, seen, typed[0])
    second = witness_of(request, officer, may=Action.CARD_SETTLE)
    if isinstance(second, Refusal):
        return show_refusal(request, second, back=here)
    answer = exchange_blanko(
        command_of(request, officer), attempt=attempt, serial=typed[0], witness=second.id
    )
    if isinstance(answer, Refusal):
        return show_refusal(request, answer, back=here)
    said = f"Tercatat berdua: kartu ini di blanko {answer['serial']}; {answer['was']} di tempatnya."
    if seen.state is AttemptState.PRINTED:
        return done(request, said, page="periksa", card=seen.card)
    return done(request, said, page="selesaikan", attempt=attempt)


def _cannot(seen: AttemptSeen, serial: str) -> Refusal | None:  # positional: a pair
    """Why this serial cannot be it, as far as that is known before two officers say so."""
    if serial == seen.serial:
        return Refusal("printing.exchange_same", serial=serial)
    whole = whereis(serial)
    if whole is not None and whole.box is not None:
        return Refusal("blanko.box_sealed", serial=serial, box=whole.box)
    lies = held([serial]).get(serial)
    at = lies.place if lies is not None and lies.box is None else None
    no = check_exchange(house().code, serial=serial, place_=at)
    return no if no is not None else why_kept_in_batch(serial)


def _preview(  # positional: a pair
    request: HttpRequest, seen: AttemptSeen, serial: str
) -> HttpResponse:
    """What will be true of both blanks, in words, before it is said."""
    lies = held([serial, seen.serial])
    account = account_of(lies[serial].place)
    was_read = is_found_ruined(serial)
    is_whole = account in (Account.SHELF, Account.STORE) or was_read
    other = None if is_whole else holder_of(serial)
    return show(
        request,
        _PAGE,
        seen=seen,
        back=_back(seen),
        serial=serial,
        other=other,
        is_whole=is_whole,
        is_ruined=account is Account.SPOILED,
        is_unsettled=other is not None and other.state is AttemptState.UNKNOWN,
        found_at=_account_in_words(lies[serial].place),
        goes_to=_account_in_words(stock_of(house().code) if was_read else lies[serial].place),
        named_at=_account_in_words(lies[seen.serial].place),
    )


def _account_in_words(at: str) -> str:
    """An account of this office."""
    return word_for(account_of(at) or "", table="akun")


def _back(seen: AttemptSeen) -> str:
    if seen.state is AttemptState.PRINTED:
        return reverse("periksa", args=[seen.card])
    return reverse("selesaikan", args=[seen.id])


def _attempt_here(attempt: str) -> AttemptSeen | Refusal:
    seen = attempt_seen(attempt)
    is_here = seen is not None and seen.office == str(house().code)
    return seen if seen is not None and is_here else Refusal("printing.no_such_attempt")
