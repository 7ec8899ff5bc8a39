"""From which day what is told is known: by source, kind of event and unit, and what that means to a value."""
