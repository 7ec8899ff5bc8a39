"""The ways an alert reaches people, one folder each."""
