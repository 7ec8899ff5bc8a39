"""The board: pages for people, made by the server, that work without any script."""
