"""Passwords and machine tokens: kept at the officer's own server only, never in the journal."""

from __future__ import annotations

import secrets

from ampera.journal.house import house
from ampera.register.models import Credential, Officer
from ampera.register.queries.officers import hash_of_token
from ampera.register.queries.passwords import hash_password
from ampera.register.rules.rights import PASSWORD_LENGTH_MIN
from ampera.words.refusal import Refusal


def set_password(officer: str, *, password: str) -> Refusal | None:
    """Give an officer of this office a password; an earlier one stops working."""
    if not _is_ours(officer):
        return Refusal("officer.not_here")
    if len(password) < PASSWORD_LENGTH_MIN:
        return Refusal("officer.password_short", length=PASSWORD_LENGTH_MIN)
    Credential.objects.update_or_create(
        officer=officer, defaults={"password": hash_password(password)}
    )
    return None


def make_token(officer: str) -> str | Refusal:
    """A token with which a machine acts as that officer; an earlier one stops working.

    It is shown once: only its hash is kept.
    """
    if not _is_ours(officer):
        return Refusal("officer.not_here")
    token = secrets.token_urlsafe(32)
    Credential.objects.update_or_create(officer=officer, defaults={"token": hash_of_token(token)})
    return token


def _is_ours(officer: str) -> bool:
    return Officer.objects.filter(pk=officer, office=house().code.text).exists()
