"""This library inside other people's programs."""
