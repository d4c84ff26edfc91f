"""Files of other programs: strict reading, and writing that is complete or not there."""
