"""In which forms do decisions and what was said of them leave the service?"""
