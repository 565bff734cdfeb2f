"""What the web app needs beside its layout: a library for many readers, guarded routes, settings of a server."""
