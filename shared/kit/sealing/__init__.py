"""Events of persons sealed by a key of each person, and those keys wrapped by a master key."""
