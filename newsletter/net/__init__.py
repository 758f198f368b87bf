"""How untrusted servers and providers are called: in limited time, never at internal addresses."""
