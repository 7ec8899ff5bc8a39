"""E-mail: layout, headers, the exchange with the mail server, and the mails that wait."""
