"""The doctor's checks: each module holds functions that take an InspectedBroker and yield `Check`s."""
