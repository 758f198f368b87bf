"""What the author mends: the words, links, pictures and dates of an issue."""
