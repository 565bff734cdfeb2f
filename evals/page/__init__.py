"""A run as one HTML page that asks nothing of any server: run.json + cases.jsonl -> text.

`document` puts the page together from `tables`, `charts` and `worst`; `markup` escapes whatever is not markup.
"""
