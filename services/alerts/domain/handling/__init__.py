"""The life of an alert after it has fired: what people do about it, and who is told while nobody does."""
