"""Load, decide, save: what is done when values or plans have changed, in one transaction each."""
