"""Input and output of the expense endpoints, a file for each of the views."""
