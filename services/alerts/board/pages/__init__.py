"""The pages of the board: what each loads, and what it shows."""
