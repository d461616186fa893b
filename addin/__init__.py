"""The doors that people come in by: command line, and later ribbon, task pane, web page."""
