"""Does the service do for people in a real browser what it should?"""
