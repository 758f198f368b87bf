"""The kill test: sends that are killed at any instant, go on, and lose and repeat nobody."""
