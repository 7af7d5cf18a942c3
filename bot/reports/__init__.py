"""What goes to authorities: a report on a seller in goAML's structure, what it lacks, and figures for the supervisor."""
