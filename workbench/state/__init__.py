"""What survives a refresh and a restart."""
