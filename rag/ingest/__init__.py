"""From a source to an Article and its passages."""
