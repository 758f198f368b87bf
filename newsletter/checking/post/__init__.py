"""What settings or the provider mend: headers, sender, sizes, privacy."""
