"""What keeps an import from being done at all."""


class ImportingError(Exception):
    """Nothing could be imported; the message says which file, what is wrong with it and what to do."""
