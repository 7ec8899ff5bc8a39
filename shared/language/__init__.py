"""How a reader writes: languages, numbers, dates, and the forms of words."""
