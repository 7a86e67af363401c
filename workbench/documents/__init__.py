"""Files to documents: PDFs in child processes with limits, texts, JSON and tables at once."""
