"""What a template can mend: how a mail looks, and how it sounds when read aloud."""
