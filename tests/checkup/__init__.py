"""The looks of the doctor: at the web from outside, at the list, all at once."""
