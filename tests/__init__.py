"""The tests. What each folder asks and costs stands in docs/internals/house-style.md."""
