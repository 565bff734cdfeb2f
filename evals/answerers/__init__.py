"""Whatever answers questions, under one interface: our engine, parts of it, and others to compare it with.

`base` says what an answerer is and what it hands back; `engine` is ours, whole, by words alone and by vectors alone;
`stock` is plain llama-index over the same corpus; `arms` has them all by name.
"""
