"""Programs that write what the repository keeps: packaged tables, the encoder's graph and pack, and figures and pictures of its documents."""
