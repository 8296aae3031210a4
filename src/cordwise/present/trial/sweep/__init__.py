"""A design with some of its values varied, for people."""
