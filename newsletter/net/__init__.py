"""How strangers and providers are asked: in a time that ends, and never within the house."""
