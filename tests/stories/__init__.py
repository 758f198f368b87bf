"""The command line driven end to end, in a temporary folder."""
