"""A browser without JavaScript: follows redirects by hand, fills in forms, keeps every address."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from django.test import Client

from ampera.screens.counter.checking import CHECKLIST
from ampera.screens.ports import ScreenPorts, open_ports
from ampera.screens.shell import SESSION_OFFICER
from tests.api.city import PASSWORD, City

#: Every item of the check of a card, ticked.
ALL_SEEN = {"seen": [code for code, _ in CHECKLIST]}
SIXTEEN_DIGITS = re.compile(r"[0-9]{16}")


class _Forms(HTMLParser):
    """Every form of a page with its fields as a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[dict[str, Any]] = []
        self._is_in = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        if tag == "form":
            self._is_in = True
            self.forms.append({"action": found.get("action") or "", "fields": {}})
        elif self._is_in and tag == "input" and found.get("type") == "hidden":
            self.forms[-1]["fields"][found["name"]] = found.get("value") or ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_in = False


class Browser:
    """One officer at one office. Act from outside of `offices.at`."""

    def __init__(self, city: City, code: str, login: str = "") -> None:
        self.city, self.code = city, code
        self.client = Client(enforce_csrf_checks=False)
        self.addresses: list[str] = []
        if login:
            with city.offices.at(code):
                session = self.client.session
                session[SESSION_OFFICER] = city.officer(code, login)
                session.save()

    def get(self, path: str, **headers: str) -> Any:
        self.addresses.append(path)
        with self.city.offices.at(self.code):
            return self.client.get(path, headers=headers)

    def post(self, path: str, **fields: Any) -> Any:
        """Send a form; the answer itself, not what it redirects to."""
        self.addresses.append(path)
        with self.city.offices.at(self.code):
            answer = self.client.post(path, fields)
        if answer.status_code == 302:
            self.addresses.append(answer.headers["Location"])
        return answer

    def follow(self, answer: Any) -> Any:
        assert answer.status_code == 302, shown(answer)
        return self.get(answer.headers["Location"])

    def form(self, page: Any, action: str = "", number: int = 0) -> dict[str, str]:
        """The hidden fields of a form on a page, by the end of its address."""
        parser = _Forms()
        parser.feed(page.content.decode())
        found = [each for each in parser.forms if each["action"].endswith(action)]
        found = [each for each in found if not each["action"].endswith("/keluar/")]
        assert len(found) > number, f"no form for {action!r} on the page"
        fields: dict[str, str] = found[number]["fields"]
        return fields

    def send(self, page: Any, path: str, number: int = 0, **fields: Any) -> Any:
        """Fill in the form of a page and send it."""
        return self.post(path, **(self.form(page, path, number) | fields))


def shown(answer: Any) -> str:
    """The text of a page without its tags."""
    text = re.sub(r"<[^>]+>", " ", answer.content.decode())
    return re.sub(r"\s+", " ", text)


def refusal_of(answer: Any) -> str:
    """The code of the refusal that a page shows."""
    page = answer.content.decode()
    assert 'id="penolakan"' in page, shown(answer)
    codes = re.findall(r'<span class="code">([a-z_]+\.[a-z_]+)</span>', page)
    assert codes, shown(answer)
    return codes[-1]


def second(login: str = "kepala") -> dict[str, str]:
    """The second officer's part of a form."""
    return {"second_login": login, "second_password": PASSWORD}


def open_screen_ports(**more: Any) -> None:
    """Pages of tests draw cards as the test city's printer gets them."""
    ports = {
        "card_pdf": lambda permit: b"%PDF-1.4 SPESIMEN " + permit.encode(),
        "card_picture": lambda permit: b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    }
    open_ports(ScreenPorts(**{**ports, **more}))
