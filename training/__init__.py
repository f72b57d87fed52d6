"""How the shipped weights are made, runnable again: see README.md beside this file."""
