"""Chips: the file set, the conversation, and the real PC/SC stack."""
