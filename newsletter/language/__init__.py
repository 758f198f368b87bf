"""What is said to people: texts that catalogs can translate, and the catalogs."""
