"""Input and output of the account endpoints."""
