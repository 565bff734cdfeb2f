"""Question -> Answer: question, retrieve, evidence, compose, verify; engine runs them in that order."""
