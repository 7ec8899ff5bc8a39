"""What a mail says, in every language."""
