"""The browser's own check of a suket against the server's: one table of codes, two judges."""

from __future__ import annotations

import functools
import http.server
import threading
import zlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from playwright.sync_api import Page

from ampera.suket.rules import base45
from ampera.suket.rules.checking import check
from ampera.suket.rules.claims import (
    ended_mark,
    key_id,
    payload_of,
    protected_header,
    qr_text,
    to_be_signed,
)
from tests.browser.chromium import chromium
from tests.rules.test_suket_code import (
    CLAIMS,
    EXPIRES,
    ISSUED,
    KEY,
    KEYS,
    PUBLIC,
    coded,
    message_of,
    packed,
)

SCRIPTS = Path(__file__).resolve().parents[2] / "src/ampera/screens/static/screens/suket"
_JUDGE = """async ([codes, keys, ended, now]) => {
  const { canCheck, check } = await import("/letter.js");
  if (!(await canCheck())) throw new Error("this browser cannot check");
  const known = new Map(keys.map(([id, key]) => [id, new Uint8Array(key)]));
  const told = [];
  const facts = { keys: known, ended: new Set(ended), now };
  for (const code of codes) told.push(await check(code, facts));
  return told;
}"""


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def scripts() -> Iterator[str]:
    """The scripts on 127.0.0.1, where a browser trusts a page without https."""
    handler = functools.partial(_Quiet, directory=str(SCRIPTS))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(scripts: str) -> Iterator[Page]:
    with chromium() as browser:
        opened = browser.new_page()
        opened.goto(scripts)
        yield opened


def judged(page: Page, codes: list[str], *, at=ISSUED, ended: tuple[str, ...] = ()) -> list[Any]:
    keys = [[key.hex(), list(public)] for key, public in KEYS.items()]
    told: list[Any] = page.evaluate(_JUDGE, [codes, keys, list(ended), at.timestamp()])
    return told


def both(page: Page, codes: list[str], **more: Any) -> list[str]:
    """What the browser finds, which must be what the server finds."""
    at, ended = more.get("at", ISSUED), more.get("ended", ())
    here = [check(code, keys=KEYS, at=at, ended=ended) for code in codes]
    there = judged(page, codes, **more)
    for mine, theirs in zip(here, there, strict=True):
        assert theirs["finding"] == mine.finding
        assert theirs.get("name", "") == mine.name
        assert theirs.get("number", "") == mine.number
    return [each["finding"] for each in there]


def signed(payload: bytes, *, header: bytes = b"") -> str:
    protected = header or protected_header(PUBLIC)
    signature = KEY.sign(to_be_signed(protected, payload=payload))
    return qr_text(protected, payload=payload, signature=signature)


def test_a_genuine_code_is_read_alike(page: Page) -> None:
    (told,) = judged(page, [coded()])
    assert told == {
        "finding": "valid",
        "issuer": CLAIMS.issuer,
        "number": CLAIMS.number,
        "status": CLAIMS.status,
        "name": CLAIMS.name,
        "born": "19900701",
        "expires": int(EXPIRES.timestamp()),
        "isSample": True,
    }


def test_expired_early_and_ended_are_told_alike(page: Page) -> None:
    mark = ended_mark(CLAIMS.suket, number=CLAIMS.number)
    assert both(page, [coded()], at=EXPIRES - timedelta(seconds=1)) == ["valid"]
    assert both(page, [coded()], at=EXPIRES) == ["expired"]
    assert both(page, [coded()], at=ISSUED - timedelta(days=2)) == ["too_early"]
    assert both(page, [coded()], ended=(mark,)) == ["ended"]


def test_no_flipped_bit_passes_in_either(page: Page) -> None:
    message = message_of(coded())
    codes = []
    for at in range(len(message) * 8):
        flipped = bytearray(message)
        flipped[at // 8] ^= 1 << at % 8
        codes.append(packed(bytes(flipped)))
    told = judged(page, codes)
    assert {each["finding"] for each in told} <= {"not_genuine", "other_key", "unreadable"}
    assert not any("name" in each for each in told)


def test_forged_and_foreign_codes_are_told_alike(page: Page) -> None:
    stranger = Ed25519PrivateKey.generate()
    payload = payload_of(CLAIMS)
    protected = protected_header(PUBLIC)
    forged = qr_text(
        protected,
        payload=payload,
        signature=stranger.sign(to_be_signed(protected, payload=payload)),
    )
    other_algorithm = signed(payload, header=cbor2.dumps({1: -7, 4: key_id(PUBLIC)}))
    found = both(page, [coded(key=stranger), forged, other_algorithm])
    assert found == ["other_key", "not_genuine", "unreadable"]


def test_what_is_no_suket_is_unreadable_in_both(page: Page) -> None:
    codes = [
        *("", " ", "https://example.invalid/", "A" * 1_501, "::::", "ab"),
        base45.encode(b"not compressed"),
        base45.encode(zlib.compress(b"\0" * 100_000)),
        base45.encode(zlib.compress(b"")),
        base45.encode(zlib.compress(b"\x81" * 900)),
        base45.encode(zlib.compress(cbor2.dumps([1, 2, 3, 4]))),
        base45.encode(zlib.compress(cbor2.dumps("text"))),
        *(coded()[:-3], coded() + "0000"),
        packed(message_of(coded()) + b"\0"),
        signed(cbor2.dumps([1])),
        signed(cbor2.dumps({1: "x"})),
    ]
    assert both(page, codes) == ["unreadable"] * len(codes)
