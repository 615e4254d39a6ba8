"""Ampera: issuance of the KTP-el from the counter to the hand of its holder."""
