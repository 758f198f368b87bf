"""What those who run the program see of it: a log for machines, and metrics."""
