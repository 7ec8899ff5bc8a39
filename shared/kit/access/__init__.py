"""Who may what, at the door: the files that say so, the guard of every route, who was turned away."""
