"""Surveys: what members are asked, what they answer, and what may be told of it."""
