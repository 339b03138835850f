"""Does the monitor find what is broken, and leave alone what is not?"""
