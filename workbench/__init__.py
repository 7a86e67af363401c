"""Services of the prompt workbench: plain Python, no Streamlit."""
