"""Where model calls go, what they cost, and how keys stay out of texts."""
