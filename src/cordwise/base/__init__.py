"""What every room stands on: errors, random streams, provenance, progress, memory, tables and TOML input."""
