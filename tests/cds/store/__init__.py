"""Does the store keep what it promises, on SQLite and on PostgreSQL?"""
