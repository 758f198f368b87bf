"""What sending decides: by which account, when and for whom an issue goes out, and what then."""
