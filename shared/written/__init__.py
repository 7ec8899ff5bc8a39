"""Files that people write, in YAML: what they say, or everything that is wrong with them and where."""
