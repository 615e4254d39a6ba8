"""The client of the machine interface: a refusal is a value, a silence is not."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from ampera.words.office import OfficeCode
from ampera.world.driving.client import Desk, No, Pace, RunningCity, Silent


class _Answering(BaseHTTPRequestHandler):
    """Tells what it was asked; refuses, fails or talks nonsense by the path's last word."""

    def _answer(self) -> None:
        size = int(self.headers.get("Content-Length", 0))
        heard = {
            "path": self.path,
            "key": self.headers.get("Idempotency-Key"),
            "token": self.headers["Authorization"],
            "body": json.loads(self.rfile.read(size) or "null"),
        }
        word = self.path.rpartition("/")[2]
        status = {"refused": 409, "broken": 500, "strange": 404}.get(word, 200)
        told = (
            {"code": "intake.already_open", "detail": "Sudah ada."} if word == "refused" else heard
        )
        data = b"<html>" if word == "page" else json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = _answer

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def url() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Answering) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def city(url: str, tmp_path: Path) -> RunningCity:
    officer = {"login": "loket", "password": "abcd-efgh", "token": "t0ken", "roles": ["loket"]}
    codes = ("00", "16.71", "16.71.02")
    servers = [{"code": each, "url": url, "officers": [officer]} for each in codes]
    (tmp_path / "city.json").write_text(json.dumps({"servers": servers}))
    return RunningCity(tmp_path / "city.json", pace=Pace(1000))


@pytest.fixture
def loket(city: RunningCity) -> Desk:
    return city.desk(OfficeCode("16.71.02"), login="loket")


def test_the_city_is_what_its_file_says(city, tmp_path):
    assert city.pusat == OfficeCode("00")
    assert city.offices == [OfficeCode("16.71"), OfficeCode("16.71.02")]
    assert city.printer_folder(OfficeCode("16.71")) == tmp_path / "printers" / "16.71"


def test_a_command_carries_its_key_and_the_token_of_its_officer(loket):
    heard = loket.post("requests", key="take:1 of 2", nik="9")
    assert heard["path"] == "/api/v1/requests"
    assert heard["key"] == "take:1_of_2"
    assert heard["token"] == "Bearer t0ken"
    assert heard["body"] == {"nik": "9"}


def test_a_question_carries_no_key(loket):
    heard = loket.get("requests", skip=50)
    assert (heard["path"], heard["key"]) == ("/api/v1/requests?skip=50", None)


def test_a_refusal_is_a_value(loket):
    assert loket.post("refused", key="k") == No(409, "intake.already_open", "Sudah ada.")


@pytest.mark.parametrize("path", ["broken", "strange", "page"])
def test_what_no_server_of_ours_says_is_a_silence(loket, path):
    with pytest.raises(Silent):
        loket.get(path)


def test_a_server_that_is_gone_is_silent():
    gone = Desk(url="http://127.0.0.1:9", login="loket", pace=Pace(1000), token="t", password="p")
    with pytest.raises(Silent, match=r"127\.0\.0\.1:9"):
        gone.get("health")


def test_neither_token_nor_password_is_shown(loket):
    assert "t0ken" not in repr(loket)
    assert "abcd" not in repr(loket)


def test_calls_keep_their_distance():
    now, slept = [10.0], []

    def sleep(seconds: float) -> None:
        slept.append(round(seconds, 3))
        now[0] += seconds

    pace = Pace(4, monotonic=lambda: now[0], sleep=sleep)
    for _ in range(3):
        pace.wait()
    now[0] += 60
    pace.wait()
    assert slept == [0.25, 0.25]
