"""The Internet Printing Protocol (RFC 8010, RFC 8011): codec, client and the frame of a server."""

from __future__ import annotations
