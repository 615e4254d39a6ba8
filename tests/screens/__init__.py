"""Pages of officers, over real servers, without a browser."""
