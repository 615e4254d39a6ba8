"""Style is a test: what the house rules promise, the build looks at."""
