"""A resident of the new kecamatan Jakabaring, served by Seberang Ulu I (S5)."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import Final

from ampera.tiers.stories.client import City
from ampera.tiers.stories.steps import Case
from ampera.tiers.stories.telling import StoryError, Teller

ABOUT: Final = "warga Jakabaring, kartunya dicetak di Seberang Ulu I / a hosted kecamatan"
GUEST: Final = "16.71.17"
HOST: Final = "16.71.02"


def play(city: City, teller: Teller) -> None:  # positional: the stage and who tells it
    """The card is printed by the host and names the kecamatan where the resident lives."""
    case = Case(city, teller, HOST)
    case.to_recording(GUEST)
    seen = case.seen()["request"]
    teller.check(
        (seen["home"], seen["serving_office"]) == (GUEST, HOST),
        what="domisili Jakabaring, dilayani Seberang Ulu I",
        home=seen["home"],
        serving_office=seen["serving_office"],
    )
    case.wait_permit()
    case.print_card()
    text = text_of(case.keep_face())
    teller.check(
        "JAKABARING" in text and "SEBERANG ULU I" not in text,
        what="alamat pada kartu menyebut kecamatan yang baru",
        says="JAKABARING",
    )
    case.check()
    case.hand_over()
    case.follow("CARD_ISSUED")


def text_of(pdf: Path) -> str:
    """The words on a card, by poppler's pdftotext. Raises StoryError where it is not installed."""
    command = shutil.which("pdftotext")
    if command is None:
        raise StoryError("pdftotext is missing (Debian: poppler-utils): the card cannot be read")
    done = subprocess.run(  # noqa: S603 - a fixed program on a file that we have just written
        [command, "-layout", str(pdf), "-"], capture_output=True, check=False, timeout=30
    )
    if done.returncode != 0:
        raise StoryError(f"pdftotext: {done.stderr.decode(errors='replace')[:200]}")
    return done.stdout.decode()
