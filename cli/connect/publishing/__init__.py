"""Publishing files: lines or rows to events, events in batches to ingest, answers back to lines."""
