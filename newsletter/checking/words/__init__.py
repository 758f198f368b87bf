"""What the author can mend: the words, links, pictures and dates of an issue."""
