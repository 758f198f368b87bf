"""The built mail in a real browser."""
