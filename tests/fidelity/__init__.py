"""Our mail beside what others make of it and say of it; “make proofs” brings npm's and Java's."""
