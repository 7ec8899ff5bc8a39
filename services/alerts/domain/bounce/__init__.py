"""Recipients whose mails bounce, and who is told so."""
