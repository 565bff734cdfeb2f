"""Passages -> findable: catalog (SQLite, the truth), vectors (Chroma), lexical (postings), encoder."""
