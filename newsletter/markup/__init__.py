"""How markup is written: where code ends, which words are tags, how deep it is nested."""
