"""What must never get in: each kind of bad input is refused, and nothing of it stays."""
