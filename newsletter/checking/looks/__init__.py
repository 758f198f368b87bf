"""What a template mends: how a mail looks, and how it is heard."""
