"""How a trial runs: who comes when, who is put into which arm, who is lost."""
