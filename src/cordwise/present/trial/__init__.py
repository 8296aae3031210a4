"""Trial designs and their operating characteristics, for people."""
