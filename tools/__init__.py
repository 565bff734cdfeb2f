"""Programs that write the packaged tables, the encoder's graph and the French pack."""
