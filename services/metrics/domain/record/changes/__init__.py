"""How a change of a record becomes facts: each part it touches, taken back as it was and added as it is."""
