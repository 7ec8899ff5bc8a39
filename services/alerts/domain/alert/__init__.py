"""The life of an alert: values judged day by day, and what is announced of it."""
