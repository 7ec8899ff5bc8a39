"""Sources: what each is to deliver and how often, whether it does, and what that means to values."""
