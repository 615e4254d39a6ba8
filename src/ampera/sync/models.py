"""The one table of the post: one-time codes that admit a server below. Local, no projection."""

from __future__ import annotations

from django.db import models


class JoinCode(models.Model):
    """A code that an officer gave to the people of an office. Only its hash is kept."""

    code_hash = models.CharField(max_length=64, primary_key=True)
    office = models.CharField(max_length=10)
    expires_at = models.DateTimeField()
    #: The public key that used it, and the incarnation given: asked again with the same key, the
    #: same answer.
    used_by = models.CharField(max_length=64, default="")
    number = models.IntegerField(default=0)


LOCAL = {"joincode"}
