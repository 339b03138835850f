"""What does an evaluation cost beside the least that any service could do?"""
