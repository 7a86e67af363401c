"""What changed, word by word and step by step."""
