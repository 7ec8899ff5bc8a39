"""Bounces: what mail servers say of mails that they took first and could not deliver then."""

PART = "bounces"
