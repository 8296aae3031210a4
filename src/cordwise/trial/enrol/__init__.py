"""Who enters a trial, in which arm, when and where, and who is lost."""
