"""The two doors: HTTP and command line."""
