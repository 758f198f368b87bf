"""What settings or the provider can mend: headers, sender, sizes, privacy."""
