"""Measurements that anyone can repeat: `python -m bot bench ...`."""
