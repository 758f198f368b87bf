"""What is said to people: texts that catalogs may hold in other languages, and the catalogs."""
