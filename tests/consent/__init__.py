"""What is decided about people by themselves, and by what comes back."""
