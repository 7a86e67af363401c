"""Datasets: documents, inputs, and what is asked of the answers to them; read strictly, written whole."""
