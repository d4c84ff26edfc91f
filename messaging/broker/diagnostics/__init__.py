"""What the doctor looks at: each module holds checks, functions of a Patient that give `Check`s."""
