"""PDF bytes to text, in child processes with limits."""
