"""Let `python -m newsletter` do what `newsletter` does."""

from newsletter.cli.main import main

main()
