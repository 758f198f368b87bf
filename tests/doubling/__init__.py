"""Every kind of input is doubled: what it costs may double, too, and no more."""
