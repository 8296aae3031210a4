"""Results for people: text, charts and HTML, one folder for each subject; reads typed results only."""
