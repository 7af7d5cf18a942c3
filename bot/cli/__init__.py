"""The command line's rooms: with `__main__`, the only ones that know every wing."""
