"""Simulated trials: design, plan, enrolment, observation, analysis, decision, operating characteristics."""
