"""An example: a service that summarizes PDFs, with prompts by module, by config, or out of the prompt store."""
