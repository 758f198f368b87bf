"""What others' tools take for the same work on the same machine."""
