"""What the metrics service answers: history, revisions, and what a replica remembers to answer quickly."""
