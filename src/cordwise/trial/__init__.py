"""Simulated trials: design file, plan, randomisation, analysis and operating characteristics."""
