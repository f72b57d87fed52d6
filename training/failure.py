"""What a person can mend: one sentence, without a stack trace."""


class Failure(Exception):
    """Names the value, the limit and the remedy."""
