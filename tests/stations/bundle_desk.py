"""Finished cards of residents whose kelurahan the register knows, for tests of custody."""

from __future__ import annotations

from datetime import date

from ampera.delivery.actions import Carrier, seal_bundle, send_bundle
from ampera.journal.actions import Pen, perform
from ampera.printing.actions import check_card, end_attempt, open_attempt
from ampera.register.models import Family, Resident
from ampera.words import OfficeCode, Refusal
from tests.stations.printing_desk import BUDI, DINAS, KEC, by

KELURAHAN, OTHER = "16.71.02.1001", "16.71.02.1002"
LURAH, KURIR = "off_lurah", "off_kurir"
BY_LURAH = Carrier(to="LURAH", officer=LURAH)


def someone_lives(number: int, *, kelurahan: str = KELURAHAN, resident: str = "") -> str:
    """Resident `number` of the print desk's permits stands in this server's register."""
    family, _ = Family.objects.get_or_create(no_kk=f"990102010170{number:04d}")
    Resident.objects.create(
        id=resident or f"res_{number}",
        nik=f"990102010190{number:04d}",
        family=family,
        name=f"CONTOH {number}",
        birth_place="KOTA CONTOH",
        born=date(1990, 1, 1),
        is_female=False,
        marital=1,
        blood=13,
        nationality=1,
        occupation=1,
        base_status=1,
        address=f"JL. CONTOH NO. {number}",
        rt="001",
        rw="002",
        kelurahan=kelurahan,
        has_legacy_card=False,
        warnings="",
        is_sample=True,
        run=1,
    )
    return resident or f"res_{number}"


def ready(
    number: int = 1,
    *,
    result: str = "READY",
    kelurahan: str = KELURAHAN,
    resident: str = "",
) -> str:
    """A card printed and checked at the office that acts; its holder lives in the kelurahan."""
    someone_lives(number, kelurahan=kelurahan, resident=resident)
    opened = open_attempt(by(), permit=f"prm_{number}", printer=f"p{number}")
    assert not isinstance(opened, Refusal), opened
    end_attempt(by(""), attempt=opened["attempt"], outcome="PRINTED", cause="completed")
    said = check_card(by(), card=f"crd_{number}", result=result, witness=BUDI)
    assert not isinstance(said, Refusal), said
    return f"crd_{number}"


def sealed(*cards: str) -> str:
    """A bundle of these cards, still at the office."""
    done = seal_bundle(by(), kelurahan=KELURAHAN, cards=cards)
    assert not isinstance(done, Refusal), done
    return str(done["bundle"])


def sent(*cards: str, carrier: Carrier = BY_LURAH) -> str:
    """A bundle of these cards in a carrier's hand."""
    bundle = sealed(*cards)
    done = send_bundle(by(), bundle=bundle, carrier=carrier)
    assert not isinstance(done, Refusal), done
    return bundle


def void(offices, card: str, *, resident: str = "res_1") -> None:
    """The dinas voids a card as lost; the post carries it."""

    def work(pen: Pen):
        facts = {"card": card, "resident": resident, "why": "LOST"}
        pen.write("card.voided/1", subject=card, facts=facts, to=OfficeCode(KEC))
        return {}

    with offices.at(DINAS):
        assert perform(by(BUDI), work, content={"card": card}) == {}
    offices.post()
