"""Services of the prompt workbench: plain Python, no Streamlit."""

import os

# Halves the time that importing Hamilton takes; it is read at that moment, so it has to stand before every import.
os.environ.setdefault("HAMILTON_AUTOLOAD_EXTENSIONS", "0")
