"""Places for pictures: the same promises, whichever it is."""
