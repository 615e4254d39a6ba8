"""Somebody with a phone: opens pages and sends their forms, nothing else."""

from __future__ import annotations

import re
import urllib.parse
from html.parser import HTMLParser
from typing import Any

from django.test import Client

from tests.api.city import DINAS, City


class Visitor:
    """One browser without JavaScript. `ask` sends a form with its hidden fields, as a person."""

    def __init__(self, city: City, *, at: str = DINAS) -> None:
        self.city, self.at = city, at
        self.client = Client(enforce_csrf_checks=True)

    def get(self, path: str, *, host: str = "testserver") -> Any:
        with self.city.offices.at(self.at):
            return self.client.get(path, headers={"host": host})

    def post(
        self, path: str = "/status/", *, accept_encoding: str = "identity", **fields: str
    ) -> Any:
        """Send these fields and no other, as a form does."""
        with self.city.offices.at(self.at):
            return self.client.post(
                path,
                urllib.parse.urlencode(fields),
                content_type="application/x-www-form-urlencoded",
                headers={"accept-encoding": accept_encoding},
            )

    def ask(self, *, language: str = "id", **fields: str) -> Any:
        """Open the form and send it with its hidden fields."""
        page = self.get(f"/status/?bahasa={language}")
        hidden = dict(
            re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.content.decode())
        )
        assert hidden == {"bahasa": language}
        return self.post(**hidden, **fields)

    def said(self, **fields: str) -> str:
        """Which of the sentences the page gave; `-` when it gave none."""
        found = re.search(r'data-said="([a-z_]+)"', self.ask(**fields).content.decode())
        return found[1] if found is not None else "-"


class _Texts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def read(response: Any) -> _Texts:
    """A page as tags and text."""
    found = _Texts()
    found.feed(response.content.decode())
    return found
