"""What `make` calls: shell scripts that need nothing, and Python that needs the environment."""
