"""The population against published figures, for people."""
