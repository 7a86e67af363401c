"""Every run that was made, kept for good: what it was made of, what it gave, and who made which output."""
