"""The appraisal of a published study, for people."""
