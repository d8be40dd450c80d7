"""Hands out assignments, runs submissions in a sandbox, grades and feeds back."""
