"""What is known of one person, and erasing it: in one transaction, then said on hr.events until it is."""
