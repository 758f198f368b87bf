"""The tests of `newsletter.safekeeping`."""
