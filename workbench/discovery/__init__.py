"""What a repository holds, for who opens it: dataflows, prompts, inputs; and the workbench.toml that says so."""
