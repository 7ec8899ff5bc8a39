"""Whether a measure of a plan helped: its windows, whom it is compared with, the effect, and the words for it."""
