"""Reports that municipalities know: the yearly disclosure of sickness absence, posts shared by load."""
