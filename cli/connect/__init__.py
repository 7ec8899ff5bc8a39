"""Commands that talk with a running Stadga."""
