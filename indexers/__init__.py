"""How official records get in and are found: plain synchronous Python, no web server, no HTML."""
