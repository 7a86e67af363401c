"""Where a prompt's texts come from, what they gave, and what changed when."""
