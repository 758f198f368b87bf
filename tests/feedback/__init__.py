"""What comes back about mails, from the post to the list."""
