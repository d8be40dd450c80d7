"""Instant feedback: an answer compared with the reference, and what is wrong with it.

What an answer is compared with travels as numbers in one JSON file per chapter: inputs,
expected outputs, and what each mistake that was foreseen gives. No solution is here.
"""
