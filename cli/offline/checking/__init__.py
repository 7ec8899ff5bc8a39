"""What a sound plan says, in tables and sentences, for whoever reads it before it runs."""
