"""What each kind of record contributes: facts, by cell, measure and day."""
