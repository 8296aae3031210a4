"""Virtual people that recover as registries print: posterior, predictions, checks, case mix."""
