"""What people send in, from the form to material of an issue."""
