"""Words and dates of French and English text: pure functions over strings, no input or output."""
