"""Lives and potential outcomes of simulated patients, drawn once and read by trials."""
