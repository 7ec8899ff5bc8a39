"""Who may what: roles of persons, scopes of machines, and the parts of the unit tree these reach; nothing here asks."""
