"""The repository the project is in: read, and given new branches; checkout, index and HEAD are never touched."""
